"""Times every metric on synthetic answers, beside a straightforward pandas version of the same metrics.

Each contender runs in a process of its own on the same lake; memory is the process's peak. `again` is a
second run on unchanged inputs; `a night` is the next day with 100,000 answers more, to tests that 2,000 students
took for the first time, at any size. `--verify` compares every table after `--nights` nights, row for row, with
one build of everything.
Run `python benchmarks/bench_metrics.py` (1 million, pandas beside it, 10 million without it; under 3 minutes) or
`… --answers 1000000 10000000 50000000 --pandas-up-to 10000000 --memory 2GB`.
"""

import argparse
import multiprocessing
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import metrics_pandas
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from measuring import peak_mb
from metrics_lake import AS_OF, ATTEMPTS, DAY_MICROS, END_MICROS, make_lake
from metrics_verified import differing_tables, inputs_anew

from mavprep_analytics.engine import Built, DuckDBEngine, build, run_parameters
from mavprep_analytics.lake import Delta, Lake, TableEntry
from mavprep_analytics.mastery.build import build_mastery
from mavprep_analytics.mastery.recall import build_recall
from mavprep_analytics.questions.build import build_questions
from mavprep_analytics.tables import ATTEMPT

BEFORE = ("eligible_attempts",)
AFTER = (
    "attempt_levels",
    "subject_performance",
    "best_attempts",
    "test_leaderboard",
    "rankings",
    "study_days",
    "study_weeks",
    "student_week",
)
LAST = ("missing_references", "unknown_students", "unresolved_references")
NIGHT = 2_000
"""Attempts of a night, of 50 answers each."""
RETRACTED = 20
"""Attempts that are gone in the morning."""

How = tuple[str, int]
"""Memory for the engine, and threads."""


def ours(folder: Path, memory: str, threads: int, as_of: date) -> list[Built]:
    """Bring every metric of a lake up to date."""
    lake = Lake.open(str(folder / "lake"), folder / "scratch")
    engine, parameters = DuckDBEngine(memory, threads), run_parameters(as_of, "UTC")

    def each(names: tuple[str, ...]) -> list[Built]:
        extra = {"previous_rankings": None}
        return [build(name, lake, engine, parameters, extra=extra) for name in names]

    return [
        *each(BEFORE),
        *build_mastery(lake, engine, parameters),
        *build_recall(lake, engine, parameters),
        *each(AFTER),
        *build_questions(lake, engine, parameters),
        *each(LAST),
    ]


def add_a_night(folder: Path, number: int) -> None:
    """Give NIGHT students an attempt of a neighbour as theirs in the file of the last month, and take a few away.

    All end on the last day but every hundredth, which comes three days late; those taken away are of that
    week, too, for one of an earlier week changes the week's question rates and thereby everybody's mastery.
    As the ingest of an incremental export does, it tells what went and came.
    """
    lake = Lake.open(str(folder / "lake"), folder / "scratch")
    base = lake.head()
    entry = base.tables["core_attempts"]
    month = pq.read_table(lake.local_files(entry)[-1])
    every = max(1, month.num_rows // NIGHT)
    places = np.arange(number, month.num_rows, every)[:NIGHT]
    late = np.where(np.arange(len(places)) % 100 == 0, 3 * DAY_MICROS, 0)
    end = END_MICROS - 1_800_000_000 + number - late
    new = {
        "user_id": month["user_id"].take(pa.array((places + 4) % month.num_rows)),
        "attempt_key": pa.array([f"2025-03-30T23:0{number}:00.{i:09d}Z" for i in places]),
        "started_at_micros": pa.array(end - 1_800_000_000),
        "ended_at_micros": pa.array(end),
    }
    fresh = month.take(pa.array(places))
    for name, values in new.items():
        fresh = fresh.set_column(fresh.schema.get_field_index(name), name, values)
    of_the_week = np.flatnonzero(month["ended_at_micros"].to_numpy() > END_MICROS - 6 * DAY_MICROS)
    gone = of_the_week[:: max(1, len(of_the_week) // RETRACTED)][:RETRACTED]
    kept = month.take(pa.array(np.setdiff1d(np.arange(month.num_rows), gone)))
    order = [(name, "ascending") for name in ATTEMPT]
    written, went, came = (
        lake.write("core_attempts", rows.schema, rows.to_batches(), {}).files
        for rows in (
            pa.concat_tables([kept, fresh]).sort_by(order),
            month.take(pa.array(gone)),
            fresh.sort_by(order),
        )
    )
    delta = Delta(entry.digest, went, came)
    files = (*entry.files[:-1], *written)
    lake.commit({"core_attempts": TableEntry(files, delta=delta)}, base=base)


def measured(function: Callable[..., Any], *arguments: Any) -> tuple[float, float, int, Any]:
    """Run in a process of its own and return wall seconds, CPU seconds, peak MB and the result."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(sender, function, arguments))
    process.start()
    sender.close()
    result: tuple[float, float, int, Any] = receiver.recv()
    process.join()
    return result


def _measure(sender: Any, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    result = function(*arguments)
    if isinstance(result, list):
        result = [(built.name, built.rows, built.unchanged, built.seconds) for built in result]
    peak = round(peak_mb())
    sender.send((time.perf_counter() - wall, time.process_time() - cpu, peak, result))


def report(name: str, figures: tuple[float, float, int, Any]) -> None:
    """Print one line of the comparison."""
    wall, cpu, peak, _ = figures
    print(f"{name:28} {wall:8.1f} s {cpu:8.1f} CPU s {peak:7,} MB", flush=True)


def verify(folder: Path, memory: str, threads: int) -> None:
    """Print what differs between the lake and one build of everything."""
    other = inputs_anew(folder)
    report("everything anew", measured(ours, other, memory, threads, AS_OF))
    differing = differing_tables(folder, other)
    print(f"  tables with other rows than that: {differing or 'none'}")


def compare(
    answers: int,
    attempts: int,
    how: How,
    nights: int,
    *,
    with_pandas: bool,
    with_verification: bool,
) -> None:
    """Print the figures of one size."""
    folder = Path(tempfile.mkdtemp(prefix="mavprep-bench-"))
    try:
        make_lake(folder, answers, attempts)
        print(f"\n{answers:,} answers, {attempts} attempts a student")
        first = measured(ours, folder, *how, AS_OF - timedelta(days=1))
        for name, rows, _, seconds in first[3]:
            print(f"  {name:26} {seconds:8.2f} s {rows:12,} rows")
        report("all models", first)
        if with_pandas:
            beside_pandas(folder, first)
        report("again, unchanged", measured(ours, folder, *how, AS_OF - timedelta(days=1)))
        for number in range(1, nights + 1):
            add_a_night(folder, number)
            night = measured(ours, folder, *how, AS_OF)
            report("a night", night)
            print(f"  a night costs {night[1] / first[1]:.2f} of the CPU seconds of all answers")
        if with_verification:
            verify(folder, *how)
    finally:
        shutil.rmtree(folder)


def beside_pandas(folder: Path, first: tuple[float, float, int, Any]) -> None:
    """Print pandas' figures, the ratios, and how far a sample of the results lies apart."""
    results = folder / "pandas"
    results.mkdir()
    day = int(run_parameters(AS_OF, "UTC")["reading_day"])
    other = measured(metrics_pandas.run, folder, day, results)
    report("pandas", other)
    wall, cpu, peak = (other[n] / first[n] for n in range(3))
    print(
        f"  pandas takes {wall:.1f} x the wall time, {cpu:.1f} x the CPU, {peak:.1f} x the memory"
    )
    lake = Lake.open(str(folder / "lake"), folder / "scratch")
    for name, difference in metrics_pandas.sample_differences(lake, results).items():
        print(f"  greatest difference in {name}: {difference:.4f}")


def main() -> None:
    """Compare at the sizes asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--attempts", type=int, default=ATTEMPTS, help="of a student")
    parser.add_argument("--memory", default="2000MB")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--nights", type=int, default=1)
    parser.add_argument("--verify", action="store_true")
    parser.add_argument("--pandas-up-to", type=int, default=1_000_000)
    given = parser.parse_args()
    for answers in given.answers:
        compare(
            answers,
            given.attempts,
            (given.memory, given.threads),
            given.nights,
            with_pandas=answers <= given.pandas_up_to,
            with_verification=given.verify,
        )


if __name__ == "__main__":
    main()
