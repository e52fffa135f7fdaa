"""Runs tasks in worker processes, or here when there are few: same results, in the order of the tasks."""

import multiprocessing
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from mavprep_analytics.errors import Temporary
from mavprep_analytics.exports.memory import keep_memory, kept_memory

Task = TypeVar("Task")
Result = TypeVar("Result")
Progress = Callable[[str, int, int], None]
"""Called with a stage, the tasks done and all tasks of that stage."""


class Workers:
    """Up to `count` processes, this one among them; others are started when first needed."""

    def __init__(self, count: int, progress: Progress | None = None) -> None:
        self._count, self._progress = count, progress
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def run(
        self, stage: str, function: Callable[[Task], Result], tasks: Sequence[Task]
    ) -> list[Result]:
        """Return the results in the order of the tasks; the first failure ends the rest."""
        futures = self._submitted(function, tasks)
        results: dict[int, Result] = {}
        with kept_memory():
            for place in reversed(range(len(tasks))) if futures else range(len(tasks)):
                if place not in futures or futures[place].cancel():
                    results[place] = function(tasks[place])
                    self._tell(stage, len(results) + _succeeded(futures), len(tasks))
        for place, future in futures.items():
            if place not in results:
                results[place] = _result(future)
                self._tell(stage, len(results), len(tasks))
        return [results[place] for place in range(len(tasks))]

    def _submitted(
        self, function: Callable[[Task], Result], tasks: Sequence[Task]
    ) -> dict[int, Future[Result]]:
        """Hand the tasks to the other processes; this one takes the last that none has begun."""
        if self._count == 1 or len(tasks) < 2:
            return {}
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._count - 1, context, initializer=_prepare)
        return {place: self._pool.submit(function, task) for place, task in enumerate(tasks)}

    def _tell(self, stage: str, done: int, every: int) -> None:
        if self._progress is not None:
            self._progress(stage, done, every)


def _succeeded(futures: Mapping[int, Future[Result]]) -> int:
    """Return how many tasks other processes have done; the first that failed raises."""
    done = [future for future in futures.values() if future.done() and not future.cancelled()]
    return len([_result(future) for future in done])


def _result(future: Future[Result]) -> Result:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise Temporary(
            "a process that reads exports was killed",
            "Give the run more memory, or lower MAVPREP_ENGINE_THREADS; then run again",
        ) from error


class _NoPandas:
    """Tells those who look for pandas that there is none."""

    def find_spec(self, name: str, *_: object) -> None:
        """See importlib.abc.MetaPathFinder."""
        if name == "pandas":
            raise ModuleNotFoundError("not in a worker", name=name)


def _prepare() -> None:
    """Make a new process quick and small: no garbage collection, and no pandas, which Arrow would load."""
    keep_memory()
    sys.meta_path.insert(0, _NoPandas())
