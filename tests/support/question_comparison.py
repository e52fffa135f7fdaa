"""Published question, option and test statistics beside those of the slow oracle, column by column."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from question_oracle import QuestionOracle, Row

_LAST_PLACE = {"average_time_seconds": 2, "median_time_seconds": 2}


def question_differences(published: Mapping[str, list[Row]], oracle: QuestionOracle) -> list[str]:
    """Return what differs in `question_statistics`, `question_options`, `test_statistics` and, if given,
    `question_counts`; published values are rounded, the oracle's are not."""
    statistics, flags = oracle.statistics(), oracle.flags
    rows = {row["question_id"]: row for row in published["question_statistics"]}
    found = [*_table("question_statistics", rows, statistics)]
    found += [
        f"question_statistics {question}: {row} instead of {flags(row, question)}"
        for question, row in rows.items()
        if {flag: row[flag] for flag in flags(row, question)} != flags(row, question)
    ]
    options = {(r["question_id"], r["option_label"]): r for r in published["question_options"]}
    found += _table("question_options", options, oracle.option_statistics())
    tests = {row["test_id"]: row for row in published["test_statistics"]}
    found += _table("test_statistics", tests, oracle.reliabilities())
    if "question_counts" in published:
        counts = {row["question_id"]: row for row in published["question_counts"]}
        found += _table("question_counts", counts, oracle.counts())
    return found


def _table(name: str, found: Mapping[Any, Row], wanted: Mapping[Any, Row]) -> Iterator[str]:
    yield from (f"{name} {key}: missing" for key in wanted.keys() - found.keys())
    yield from (f"{name} {key}: not wanted" for key in found.keys() - wanted.keys())
    for key in found.keys() & wanted.keys():
        for column in _differing(found[key], wanted[key]):
            have, want = found[key][column], wanted[key][column]
            yield f"{name} {key} {column}: {have} instead of {want}"


def _differing(found: Row, wanted: Row) -> Iterable[str]:
    return [name for name in wanted if not _same(found[name], wanted[name], name)]


def _same(found: Any, wanted: Any, column: str) -> bool:
    if not isinstance(wanted, float) or found is None:
        return bool(found == wanted)
    half: float = 0.5 * 10.0 ** -_LAST_PLACE.get(column, 4)
    return abs(float(found) - wanted) < half + 1e-8
