"""Times the way from a DynamoDB export to core tables, beside what a user would write first and the floor.

Contenders, each in a process of its own, on the same exports:

* `ours`: `exports.ingest` with all checks into a fresh lake, with one and with two workers;
* `script`: json, boto3's TypeDeserializer, pandas and one Parquet file per data file and table, no checks;
* `floor`: gunzip (isal), a JSON scan without objects (msgspec), and writing the finished tables again.

The input is attempts of 50 answers and half as many again days of activity (`large_exports`), unless `--exports`
and `--as-of` name exports that are there, such as a simulated campus. CPU seconds include child processes;
memory is the peak of the largest process. The rows of `ours` and `script` are compared, all of them. Ratios to
the script are of CPU on one core, and of wall time on two.
"""

import argparse
import itertools
import json
import shutil
import statistics
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import large_exports
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from isal import igzip
from measuring import Measured, measured

from mavprep_analytics.exports import ingest
from mavprep_analytics.lake import Lake
from mavprep_analytics.tables import TABLES, core


def ours(exports: Path, out: Path, as_of: date, workers: int) -> None:
    """Ingest into a fresh lake."""
    ingest(str(exports), Lake.open(str(out)), as_of, workers=workers)


def floor(exports: Path, out: Path, finished: Path) -> None:
    """Unpack, scan and write the same bytes, nothing more."""
    scan = msgspec.json.Decoder(msgspec.Raw)
    for path in sorted(exports.rglob("*.json.gz")):
        with igzip.open(path, "rb") as file:
            while lines := file.readlines(2 << 20):
                for line in lines:
                    scan.decode(line)
    out.mkdir()
    for number, path in enumerate(sorted(finished.glob("data/core_*/*.parquet"))):
        table = pq.read_table(path)
        pq.write_table(table, out / f"{number}.parquet", compression="zstd", compression_level=1)


def script(exports: Path, out: Path) -> None:
    """Convert with boto3 and pandas, which only this process loads."""
    from exports_script import convert  # noqa: PLC0415 - loads pandas

    convert(exports, out)


def assert_equal_rows(lake: Path, script: Path) -> None:
    """Fail unless both wrote the same rows of every core table."""
    version = Lake.open(str(lake)).head()
    for table in core.TABLES:
        names = table.arrow_schema.names[:-1]
        files = [lake / file.key for file in version.tables[table.name].files]
        mine = pa.concat_tables([pq.read_table(path) for path in files]).select(names)
        parts = sorted((script / table.name).glob("*.parquet"))
        none = mine.schema.empty_table()
        theirs = pa.concat_tables(
            [none, *(pq.read_table(path).cast(none.schema) for path in parts)]
        )
        order = [(name, "ascending") for name in TABLES[table.name].key]
        mine, theirs = mine.sort_by(order), theirs.select(names).sort_by(order)
        assert mine.combine_chunks().equals(theirs.combine_chunks()), table.name


def main() -> None:
    """Print one line per contender: median seconds and how they compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=20_000)
    parser.add_argument("--exports", type=Path)
    parser.add_argument("--as-of", type=date.fromisoformat, default=large_exports.AS_OF)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        exports = arguments.exports or folder / "exports"
        if arguments.exports is None:
            large_exports.write_full(
                exports,
                "MavPrep-Progress",
                itertools.chain(
                    large_exports.attempts(arguments.attempts),
                    large_exports.days(arguments.attempts * 3 // 2),
                ),
                arguments.attempts,
            )
        rounds = [_round(exports, folder, arguments.as_of) for _ in range(arguments.rounds)]
        assert_equal_rows(folder / "ours 1 worker", folder / "script")
        _print(rounds, exports)


def _round(exports: Path, folder: Path, as_of: date) -> dict[str, Measured]:
    finished = folder / "ours 1 worker"
    contenders: dict[str, tuple[Any, ...]] = {
        "ours 1 worker": (ours, exports, finished, as_of, 1),
        "ours 2 workers": (ours, exports, folder / "ours 2 workers", as_of, 2),
        "script": (script, exports, folder / "script"),
        "floor": (floor, exports, folder / "floor", finished),
    }
    figures = {}
    for name, call in contenders.items():
        shutil.rmtree(folder / name, ignore_errors=True)
        figures[name] = measured(*call)
    return figures


def _print(rounds: list[dict[str, Measured]], exports: Path) -> None:
    packed = sum(path.stat().st_size for path in exports.rglob("*.json.gz"))
    raw = sum(len(igzip.decompress(path.read_bytes())) for path in exports.rglob("*.json.gz"))
    print(f"{packed / 1e6:.0f} MB packed, {raw / 1e6:.0f} MB of JSON, medians of {len(rounds)}")
    print(f"{'':16}{'wall s':>8}{'cpu s':>8}{'peak MB':>9}{'x script':>10}{'x floor':>9}")
    middle = {
        name: {
            key: statistics.median(r[name][key] for r in rounds) for key in ("wall", "cpu", "peak")
        }
        for name in rounds[0]
    }
    for name, m in middle.items():
        kind = "wall" if name == "ours 2 workers" else "cpu"
        faster = middle["script"][kind] / m[kind]
        slower = m["cpu"] / middle["floor"]["cpu"]
        print(
            f"{name:16}{m['wall']:8.2f}{m['cpu']:8.2f}{m['peak']:9.0f}{faster:10.1f}{slower:9.1f}"
        )
    print(json.dumps(middle))


if __name__ == "__main__":
    main()
