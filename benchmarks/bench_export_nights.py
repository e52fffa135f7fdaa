"""What a night costs on a large table, and whether memory stays flat: the first load, then a window of 1 %.

Two tables, written here (see `large_exports`): days of activity (`--items`), of which the window updates 1 % in the
last days; and attempts of 50 answers (`--attempts`, about 1.5 KB compressed each). Run it with 20,000,000 and
690,000 (1 GB compressed) for the figures in docs/measurements.md. `--keep FOLDER` keeps what was written.
"""

import argparse
import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import large_exports
from measuring import Measured, measured

from mavprep_analytics.exports import ingest
from mavprep_analytics.lake import Lake

TABLE = "MavPrep-Progress"


def load(exports: Path, lake: Path, as_of: date, workers: int) -> None:
    """Ingest what is new."""
    ingest(str(exports), Lake.open(str(lake)), as_of, workers=workers)


def night_on(folder: Path, items: int, workers: int) -> tuple[Measured, Measured]:
    """Return the cost of the first load and of the night after it, which updates every 100th item."""
    exports, lake = folder / f"days-{items}", folder / f"lake-days-{items}"
    if not exports.exists():
        large_exports.write_full(exports, TABLE, large_exports.days(items), items)
    first = measured(load, exports, lake, large_exports.AS_OF, workers)
    pairs = (large_exports.days(items, tests) for tests in (3, 4))
    before, after = (
        itertools.islice(kind, large_exports.DAYS - 1, None, large_exports.DAYS) for kind in pairs
    )
    large_exports.write_window(exports, TABLE, before, after)
    night = measured(load, exports, lake, large_exports.night(), workers)
    held = Lake.open(str(lake)).head().tables["core_daily_activities"]
    assert held.rows == items, f"{held.rows} rows of {items}"
    return first, night


def load_attempts(folder: Path, items: int, workers: int) -> tuple[Measured, float]:
    """Return the cost of loading attempts, and how many MB they are compressed."""
    exports, lake = folder / f"attempts-{items}", folder / f"lake-attempts-{items}"
    if not exports.exists():
        large_exports.write_full(exports, TABLE, large_exports.attempts(items), items)
    cost = measured(load, exports, lake, large_exports.AS_OF, workers)
    assert Lake.open(str(lake)).head().tables["core_attempts"].rows == items
    return cost, sum(path.stat().st_size for path in exports.rglob("*.gz")) / 1e6


@contextmanager
def _place(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep
        return
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def main() -> None:
    """Print wall and CPU seconds and the peak of the largest process of each step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=300_000)
    parser.add_argument("--attempts", type=int, default=5_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    print(f"{'':34}{'wall s':>8}{'cpu s':>8}{'peak MB':>9}")
    with _place(arguments.keep) as folder:
        first, night = night_on(folder, arguments.items, arguments.workers)
        _print(f"{arguments.items:,} items, first load", first)
        _print("1 % of them, the night after", night)
        print(f"the night costs {100 * night['cpu'] / first['cpu']:.1f} % of the load")
        cost, packed = load_attempts(folder, arguments.attempts, arguments.workers)
        _print(f"{arguments.attempts:,} attempts, {packed:,.0f} MB packed", cost)


def _print(name: str, cost: Measured) -> None:
    print(f"{name:34}{cost['wall']:8.1f}{cost['cpu']:8.1f}{cost['peak']:9.0f}", flush=True)


if __name__ == "__main__":
    main()
