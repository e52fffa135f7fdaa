"""Runs tasks in worker processes, or here when there are few: same results, in the order of the tasks."""

import gc
import multiprocessing
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeVar

from mavprep_analytics.errors import Temporary

Task = TypeVar("Task")
Result = TypeVar("Result")
Progress = Callable[[str, int, int], None]
"""Called with a stage, the tasks done and all tasks of that stage."""


class Workers:
    """Up to `count` processes, started when first needed; 1 runs everything in this process."""

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
        results: list[Result] = []
        for result in self._results(function, tasks):
            results.append(result)
            if self._progress is not None:
                self._progress(stage, len(results), len(tasks))
        return results

    def _results(
        self, function: Callable[[Task], Result], tasks: Sequence[Task]
    ) -> Iterator[Result]:
        if self._count == 1 or len(tasks) < 2:
            with _without_collection():
                for task in tasks:
                    yield function(task)
            return
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._count, context, initializer=_prepare)
        futures: list[Future[Result]] = [self._pool.submit(function, task) for task in tasks]
        try:
            for future in futures:
                yield future.result()
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
    gc.disable()
    sys.meta_path.insert(0, _NoPandas())


@contextmanager
def _without_collection() -> Iterator[None]:
    """Suspend garbage collection: decoding makes millions of objects and no cycles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
