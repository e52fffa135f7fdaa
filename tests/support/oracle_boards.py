"""Ranks of any board by counting who is better, and the leaderboard of each test."""

from collections import defaultdict
from fractions import Fraction
from typing import Any

from oracle_attempts import (
    Row,
    Tables,
    attempt_id,
    eligible,
    happened,
    instant,
    known_users,
    resolve_test,
)
from oracle_rounding import rounded


def places(values: dict[str, Any]) -> dict[str, Row]:
    """Return rank, dense_rank, tie_size and percentile of each member; greater values are better."""
    n = len(values)
    result = {}
    for member, value in values.items():
        better = [other for other in values.values() if other > value]
        equal = [other for other in values.values() if other == value]
        worse = n - len(better) - len(equal)
        result[member] = {
            "rank": 1 + len(better),
            "dense_rank": 1 + len(set(better)),
            "tie_size": len(equal),
            "percentile": rounded(100 * (worse + Fraction(len(equal), 2)) / n, 2),
        }
    return result


def leaderboard_of_tests(tables: Tables) -> list[Row]:
    by_test: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in eligible(tables):
        if row["user_id"] in known_users(tables):
            by_test[row["test_id"]][row["user_id"]].append(row)
    return [row for test, attempts in by_test.items() for row in _board(tables, test, attempts)]


def _board(tables: Tables, test: str, attempts: dict[str, list[Row]]) -> list[Row]:
    best = {user: min(rows, key=_preference) for user, rows in attempts.items()}
    ranks = places({u: (row["score"], -row["time_spent_seconds"]) for u, row in best.items()})
    return [
        {
            "test_id": test,
            "test_template_id": resolve_test(tables, test),
            "user_id": user,
            **ranks[user],
            "participants": len(best),
            "attempts": len(attempts[user]),
            "score": row["score"],
            "seconds": row["time_spent_seconds"],
            "achieved_at": instant(happened(row)),
            "display_name": display_name(tables, user),
        }
        for user, row in best.items()
    ]


def _preference(row: Row) -> tuple[Any, ...]:
    return (
        -row["score"],
        row["time_spent_seconds"],
        happened(row),
        attempt_id(row),
        row["attempt_key"],
    )


def display_name(tables: Tables, user: str) -> str | None:
    shows = any(
        row["user_id"] == user and row["is_profile_visible"] and row["shares_progress"]
        for row in tables["core_settings"]
    )
    names: list[str | None] = [r["name"] for r in tables["core_identities"] if r["user_id"] == user]
    return names[0] if shows and names else None
