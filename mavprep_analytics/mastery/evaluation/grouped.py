"""Sums over a student's past, grouped and up to the day before, without loops. Pure arrays."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mavprep_analytics.mastery.reading import Floats

Ints = npt.NDArray[np.int64]


class Past:
    """Groups rows by keys, e.g. (student, topic), and orders each group by day.

    Args:
        keys: arrays of codes, of one length.
        day: day of each row.
    """

    def __init__(self, keys: Sequence[Ints], day: Ints) -> None:
        self._order = np.lexsort((day, *reversed(keys)))
        ordered = [key[self._order] for key in keys]
        days = day[self._order]
        changes = np.logical_or.reduce([key[1:] != key[:-1] for key in ordered])
        group = np.r_[True, changes]
        rows = np.arange(len(days))
        self._group_start = np.maximum.accumulate(np.where(group, rows, 0))
        new_day = group | np.r_[True, days[1:] != days[:-1]]
        self._day_start = np.maximum.accumulate(np.where(new_day, rows, 0))

    def before(self, values: Floats) -> Floats:
        """Return, per row and in its order, the sum of values of its group on earlier days."""
        sums = np.concatenate([np.zeros_like(values[:1]), np.cumsum(values[self._order], axis=0)])
        found = np.empty_like(values)
        found[self._order] = sums[self._day_start] - sums[self._group_start]
        return found


def others(fold: Ints, codes: Ints, values: Floats, folds: int) -> Floats:
    """Return a table (fold, code) of sums of values over the rows of all other folds."""
    size = int(codes.max()) + 1
    sums = np.bincount(fold * size + codes, weights=values, minlength=folds * size)
    table = sums.reshape(folds, size)
    return np.asarray(table.sum(axis=0) - table, dtype=np.float64)
