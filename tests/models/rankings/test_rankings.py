from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from built_metrics import metric
from lake_builders import Row, uuid_of
from metric_lakes import campus

ALGEBRA = uuid_of("algebra")
SUBJECTS: list[Row] = [{"subject_id": ALGEBRA, "code": "ALG", "name": "Algebra"}]


def people(**reputations: int) -> dict[str, list[Row]]:
    return {
        "core_profiles": [{"user_id": u, "university": "Uni"} for u in reputations],
        "core_reputations": [{"user_id": u, "reputation": r} for u, r in reputations.items()],
        "catalogue_subjects": SUBJECTS,
    }


def ranked(folder: Path, tables: Any, scope: str, previous: list[Row] | None = None) -> Any:
    rows = metric("rankings", folder, tables, previous=previous)
    return {row["user_id"]: row for row in rows if row["scope"] == scope}


def post(post_id: str, author: str, kind: str = "COMMUNITY", **more: Any) -> Row:
    row = {"parent_kind": kind, "parent_id": ALGEBRA, "post_id": post_id, "user_id": author}
    return {**row, **more}


def comment(post_id: str, author: str, number: int = 1, **more: Any) -> Row:
    return {"post_id": post_id, "comment_id": f"{number}", "user_id": author, **more}


def old(user: str, rank: int, value: int) -> Row:
    board = {"metric": "reputation", "scope": "global", "scope_key": "", "user_id": user}
    return {**board, "rank": rank, "value": Decimal(value)}


def parts(row: Row) -> tuple[Any, ...]:
    return tuple(row[f"moved_by_{n}"] for n in ("self", "others", "joiners", "leavers"))


def test_a_reputation_without_profile_is_not_ranked(tmp_path: Path) -> None:
    tables = people(a=5)
    tables["core_reputations"].append({"user_id": "ghost", "reputation": 99})
    rows = ranked(tmp_path, tables, "global")
    assert {user: row["rank"] for user, row in rows.items()} == {"a": 1}


def test_without_a_university_there_is_no_rank_in_one(tmp_path: Path) -> None:
    tables = people(a=5, b=4, c=3, d=2)
    for row, university in zip(tables["core_profiles"], (None, "", "  ", "Uni"), strict=True):
        row["university"] = university
    assert set(ranked(tmp_path, tables, "university")) == {"d"}


def test_accepted_answers_and_likes_earn_points_in_the_subject(tmp_path: Path) -> None:
    tables = people(a=0, b=0, c=0, d=0)
    tables["core_posts"] = [post("p", "a", likes=2), post("q", "c", likes=9, is_reported=True)]
    tables["core_comments"] = [
        comment("p", "b", 1, is_answer=True, likes=1),
        comment("p", "b", 2, is_answer=True, is_reported=True),
        comment("gone", "d", 3, is_answer=True, likes=5),
    ]
    rows = ranked(tmp_path, tables, "subject")
    assert {user: row["value"] for user, row in rows.items()} == {"a": 10, "b": 20}
    assert {row["scope_key"] for row in rows.values()} == {ALGEBRA}


def test_a_post_under_both_keys_counts_once(tmp_path: Path) -> None:
    tables = people(a=0)
    tables["core_posts"] = [post("p", "a", likes=2), post("p", "a", "TOPIC", likes=2)]
    tables["core_comments"] = [comment("p", "a", likes=1)]
    assert ranked(tmp_path, tables, "subject")["a"]["value"] == 15


def test_performance_ranks_by_the_lower_end_and_leaves_out_thin_evidence(tmp_path: Path) -> None:
    tables = people(a=0, b=0, c=0)
    tables["subject_mastery"] = [
        {"user_id": user, "subject_id": ALGEBRA, "mastery_low": Decimal(low), "level": level}
        for user, low, level in (
            ("a", "0.61", "developing"),
            ("b", "0.62", "developing"),
            ("c", "0.99", "not_enough_data"),
            ("ghost", "0.99", "mastered"),
        )
    ]
    rows = ranked(tmp_path, tables, "subject")
    assert {user: row["rank"] for user, row in rows.items()} == {"a": 2, "b": 1}


def test_a_first_ranking_has_no_moves(tmp_path: Path) -> None:
    row = ranked(tmp_path, people(a=5), "global")["a"]
    assert row["previous_rank"] is None
    assert parts(row) == (None, None, None, None)


def test_own_points_others_joiners_and_leavers_are_told_apart(tmp_path: Path) -> None:
    now = people(me=50, passed=40, rose=60, new=70)
    before = [old("gone", 1, 90), old("passed", 2, 40), old("rose", 3, 20), old("me", 4, 10)]
    row = ranked(tmp_path, now, "global", before)["me"]
    assert (row["previous_rank"], row["rank"]) == (4, 3)
    assert parts(row) == (2, -1, -1, 1)


def test_losing_points_is_ones_own_move(tmp_path: Path) -> None:
    before = [old("me", 1, 30), old("other", 2, 20)]
    row = ranked(tmp_path, people(me=10, other=20), "global", before)["me"]
    assert parts(row) == (-1, 0, 0, 0)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_parts_sum_to_the_move(seed: int) -> None:
    _, _, lake = campus(seed)
    rows = lake.read(lake.head().tables["rankings"]).to_pylist()
    moved = [row for row in rows if row["previous_rank"] is not None]
    assert moved
    assert all(sum(parts(row)) == row["previous_rank"] - row["rank"] for row in moved)


def test_without_anyone_there_are_no_rankings(tmp_path: Path) -> None:
    assert metric("rankings", tmp_path, {}) == []
