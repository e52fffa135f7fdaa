"""Every published table of a night, computed a second time in plain Python from the rows behind the items.

Mastery and correlations are compared within their rounding, all else by equality. Ranks by performance and
changes of mastery stand on the published readings, which were compared before.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from mastery_comparison import mastery_differences
from mastery_oracle import Oracle
from oracle_attempts import Row, Tables, day_number
from oracle_boards import display_name, leaderboard_of_tests
from oracle_quality import predicted
from oracle_rankings import rankings
from oracle_recall import topic_recall
from oracle_subject_performance import subject_performance
from oracle_unresolved import unresolved_references
from oracle_weeks import student_weeks
from question_comparison import question_differences
from question_oracle import QuestionOracle

from mavprep_analytics.tables import TABLES

Published = Mapping[str, list[Row]]
_READ_BY_OTHERS = ("topic_mastery", "subject_mastery")


def night_differences(
    published: Published, tables: Tables, default: str, as_of: date, previous: list[Row]
) -> list[str]:
    """Return what differs between the published tables and what SPEC's words give; empty: nothing.

    Args:
        published: table name without `analytics_` -> its rows; `question_counts` from `questions`.
        tables: core and catalogue rows of the night.
        default: zone of students without one.
        as_of: of the night.
        previous: rankings published a week or more before.
    """
    read = {**tables, **{name: published[name] for name in _READ_BY_OTHERS}}
    ranks = rankings(read, previous)
    sunday = day_number(as_of) + 6 - as_of.weekday()
    equal = {
        "subject_performance": subject_performance(tables, default),
        "test_leaderboard": leaderboard_of_tests(tables),
        "rankings": ranks,
        "student_week": student_weeks(read, default, as_of, ranks),
        "unresolved_references": unresolved_references(tables),
        "topic_recall": topic_recall(tables, as_of, default),
        "students": _students(tables),
    }
    mastery = Oracle(tables)
    whole_week = sunday if as_of.weekday() == 6 else sunday - 7
    equal["mastery_quality"] = _quality(mastery, whole_week)
    found = [line for name, rows in equal.items() for line in _unequal(name, published[name], rows)]
    found += mastery_differences(published, mastery, sunday)
    return found + question_differences(published, QuestionOracle(tables))


def _quality(mastery: Oracle, sunday: int) -> list[Row]:
    """Return what is said of a week with too few answers to measure."""
    rows = []
    for model, marks in predicted(mastery, sunday).items():
        assert len(marks) < 2_000
        week = [e for e in mastery.evidence if e.question_id and sunday - 7 < e.day <= sunday]
        rows.append(
            {
                "week_start": date.fromordinal(date(1970, 1, 1).toordinal() + sunday - 6),
                "model": model,
                "answers": len(marks),
                "students": len({e.user_id for e in week}),
                "ece": None,
                "log_loss": None,
            }
        )
    return rows


def _students(tables: Tables) -> list[Row]:
    return [
        {
            "user_id": row["user_id"],
            "university": row["university"] if (row["university"] or "").strip(" ") else None,
            "display_name": display_name(tables, row["user_id"]),
        }
        for row in tables["core_profiles"]
    ]


def _unequal(name: str, found: Iterable[Row], wanted: Iterable[Row]) -> Iterator[str]:
    key = TABLES[name].key
    have, want = ({tuple(row[c] for c in key): row for row in rows} for rows in (found, wanted))
    yield from (f"{name} {k}: missing" for k in want.keys() - have.keys())
    yield from (f"{name} {k}: not wanted" for k in have.keys() - want.keys())
    for k in have.keys() & want.keys():
        for column, value in want[k].items():
            if have[k][column] != value:
                yield f"{name} {k} {column}: {have[k][column]} instead of {value}"
