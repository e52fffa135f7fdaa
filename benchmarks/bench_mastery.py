"""Times mastery alone: the state from first answers, and the reading of all nodes, in seconds per million answers.

State: weights of days, evidence, and the sums of every student and node (`mastery_nodes`). Reading: the chain from the
root down and the three published tables. First answers and question rates are there before; files are written and
read as in a night. Run `python benchmarks/bench_mastery.py --answers 1000000 10000000`.
"""

import argparse
import tempfile
import time
from pathlib import Path

from metrics_lake import AS_OF, make_lake

from mavprep_analytics.engine import DuckDBEngine, build_all, run_parameters
from mavprep_analytics.engine.build import in_order
from mavprep_analytics.engine.files import Files, local_paths
from mavprep_analytics.engine.fingerprint import inputs_of
from mavprep_analytics.lake import Lake
from mavprep_analytics.mastery.build import BEFORE, READING_MODELS, READINGS
from mavprep_analytics.mastery.chain import CHAIN, read_chain

PARAMETERS = run_parameters(AS_OF, "UTC")


def inputs(lake: Lake, engine: DuckDBEngine, folder: Path) -> Files:
    """Build what state and reading stand on, and return its files."""
    build_all(("eligible_attempts", *BEFORE), lake, engine, PARAMETERS)
    entries = inputs_of(READING_MODELS, lake.head(), {})
    return {name: local_paths(name, entry, lake, folder) for name, entry in entries.items()}


def timed(engine: DuckDBEngine, files: Files, folder: Path) -> tuple[float, float, float, float]:
    """Return wall and CPU seconds of the state, then those of the reading."""
    clocks = [(time.perf_counter(), time.process_time())]
    made = dict(in_order(engine, ["mastery_nodes"], files, PARAMETERS, folder))
    clocks.append((time.perf_counter(), time.process_time()))
    made[CHAIN] = read_chain(engine, made, PARAMETERS, folder)
    in_order(engine, READINGS, made, PARAMETERS, folder)
    clocks.append((time.perf_counter(), time.process_time()))
    (w0, c0), (w1, c1), (w2, c2) = clocks
    return w1 - w0, c1 - c0, w2 - w1, c2 - c1


def compare(answers: int, runs: int, engine: DuckDBEngine) -> None:
    """Print the figures of one size, run by run."""
    with tempfile.TemporaryDirectory(prefix="mavprep-bench-") as name:
        folder = Path(name)
        files = inputs(make_lake(folder, answers), engine, folder)
        print(f"\n{answers:,} answers, seconds per million answers")
        for run in range(runs):
            (results := folder / f"run {run}").mkdir()
            figures = [seconds / answers * 1e6 for seconds in timed(engine, files, results)]
            said = "state {:.3f} s wall {:.3f} s CPU    reading {:.3f} s wall {:.3f} s CPU"
            print(said.format(*figures), flush=True)


def main() -> None:
    """Time the sizes asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--memory", default="2000MB")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    for answers in given.answers:
        compare(answers, given.runs, DuckDBEngine(given.memory, given.threads))


if __name__ == "__main__":
    main()
