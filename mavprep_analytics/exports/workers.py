"""Runs tasks in worker processes, or here when there are few: same results, in the order of the tasks."""

import multiprocessing
import sys
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cached_property
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

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        if "_others" in vars(self):
            self._others.shutdown(cancel_futures=True)

    def run(
        self, stage: str, function: Callable[[Task], Result], tasks: Sequence[Task]
    ) -> list[Result]:
        """Return the results in the order of the tasks, which are begun in that order; a failure ends the rest."""
        places, results = iter(range(len(tasks))), dict[int, Result]()

        def work(do: Callable[[Task], Result]) -> None:
            try:
                for place in places:
                    results[place] = do(tasks[place])
            finally:
                deque(places, maxlen=0)

        def here(task: Task) -> Result:
            result = function(task)
            self._tell(stage, len(results) + 1, len(tasks))
            return result

        others = min(self._count, len(tasks)) - 1
        submit = self._others.submit if others > 0 else None

        def elsewhere(task: Task) -> Result:
            assert submit is not None
            return _result(submit(function, task))

        with ThreadPoolExecutor(max(others, 1)) as threads, kept_memory():
            waiting = [threads.submit(work, elsewhere) for _ in range(others)]
            work(here)
            for each in waiting:
                each.result()
        if waiting:
            self._tell(stage, len(tasks), len(tasks))
        return [results[place] for place in range(len(tasks))]

    def _tell(self, stage: str, done: int, every: int) -> None:
        if self._progress is not None:
            self._progress(stage, done, every)

    @cached_property
    def _others(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._count - 1, context, initializer=_prepare)


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
