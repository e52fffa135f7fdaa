"""Publishing rankings into Postgres: the first load, a night that changed 1 %, and a night that changed nothing.

Beside it what one would write first: pandas.to_sql of the whole table, and an upsert by executemany. Seconds are
CPU, of this process and of the server's process together, since other work may share the machine.

Run: python benchmarks/bench_publication.py [rows]
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import psycopg
import pyarrow as pa
import sqlalchemy

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from published_rows import commit, new_lake, schema
from small_catalogue import fill

from mavprep_analytics.embedded.postgres import EmbeddedPostgres
from mavprep_analytics.lake import Lake
from mavprep_analytics.publication import publish
from mavprep_analytics.tables import TABLES

TABLE = TABLES["rankings"]
DAY = date(2026, 11, 1)


def rankings(rows: int, changed: float = 0) -> pa.Table:
    """Return a global ranking; of a share of its rows the population differs."""
    ranks = np.arange(1, rows + 1)
    population = np.where(ranks <= rows * changed, rows + 1, rows)
    columns = {
        "metric": ["reputation"] * rows,
        "scope": ["global"] * rows,
        "scope_key": [""] * rows,
        "user_id": [f"user-{n:09d}" for n in ranks],
        "rank": ranks,
        "dense_rank": ranks,
        "tie_size": np.ones(rows, int),
        "population": population,
        "percentile": [Decimal(int(n % 10_000)).scaleb(-2) for n in ranks],
        "value": [Decimal(int(rows - n)) for n in ranks],
    }
    empty = {n: [None] * rows for n in TABLE.arrow_schema.names if n not in columns}
    return pa.table({**columns, **empty}).select(TABLE.arrow_schema.names).cast(schema("rankings"))


def cpu(server: Path) -> float:
    """CPU seconds of this process and of every process of the server, ended ones included."""
    pid = int((server / "postmaster.pid").read_text().split()[0])
    fields = [Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()]
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            found = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(found[1]) == pid:
            fields.append(found)
    ticks = sum(
        int(f[i]) for n, f in enumerate(fields) for i in ((11, 12, 13, 14) if n == 0 else (11, 12))
    )
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def ours(url: str, lake: Lake, content: pa.Table, night: int) -> None:
    """Commit the table to a lake and publish it."""
    version = commit(lake, {})
    entry = lake.write("rankings", content.schema, content.to_batches(), {})
    version = lake.commit({"rankings": entry}, base=version)
    publish(url, lake, version, DAY + timedelta(night), code_version="bench")


def to_sql(url: str, content: pa.Table) -> None:
    """Replace a table by a frame."""
    engine = sqlalchemy.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    frame: pd.DataFrame = content.to_pandas()
    frame.to_sql("rankings_by_pandas", engine, if_exists="replace", index=False)


def executemany(url: str, content: pa.Table) -> None:
    """Upsert every row into a table with the same key and indexes."""
    names = content.column_names
    values = ", ".join(f"{n} = excluded.{n}" for n in names if n not in TABLE.key)
    query = (
        f"insert into rankings_by_hand ({', '.join(names)}) values ({', '.join(['%s'] * len(names))})"
        f" on conflict ({', '.join(TABLE.key)}) do update set {values}"
    )
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(
            "create table if not exists rankings_by_hand (like analytics_rankings including all)"
        )
        cursor.executemany(query, list(zip(*content.to_pydict().values(), strict=True)))


def main(rows: int = 200_000) -> None:
    """Print a table: contenders by night."""
    nights = {"first load": rankings(rows), "1 % changed": rankings(rows, 0.01)}
    nights["nothing changed"] = nights["1 % changed"]
    with tempfile.TemporaryDirectory(prefix="bench-publication-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with EmbeddedPostgres(folder) as server:
            url, lake = server.url, new_lake(folder)
            fill(url)
            data = next(folder.rglob("postmaster.pid")).parent
            contenders: dict[str, Callable[[pa.Table, int], None]] = {
                "this project": lambda content, night: ours(url, lake, content, night),
                "pandas.to_sql": lambda content, _: to_sql(url, content),
                "executemany": lambda content, _: executemany(url, content),
            }
            print(f"{rows:,} rows, CPU seconds {'':<6}" + "".join(f"{n:>18}" for n in nights))
            for contender, work in contenders.items():
                seconds = []
                for night, content in enumerate(nights.values()):
                    before = cpu(data)
                    work(content, night)
                    seconds.append(cpu(data) - before)
                print(f"{contender:<34}" + "".join(f"{s:>18.2f}" for s in seconds))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
