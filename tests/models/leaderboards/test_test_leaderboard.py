from decimal import Decimal
from pathlib import Path
from typing import Any

from built_metrics import metric
from lake_builders import Row, attempt, uuid_of

USERS = [f"u{i}" for i in range(1, 8)]


def profiles(*users: str) -> list[Row]:
    return [{"user_id": user} for user in users]


def tried(user: str, score: Any, seconds: Any = 60, at: float = 1e9, **more: Any) -> Row:
    values = {"score": Decimal(score), "time_spent_seconds": Decimal(seconds), **more}
    return attempt(user, "t", at=at, key=f"{at}-{more.get('attempt_id')}", **values)


def board(folder: Path, *attempts: Row, **tables: list[Row]) -> dict[str, Row]:
    given = {"core_profiles": profiles(*USERS), "core_attempts": list(attempts), **tables}
    return {row["user_id"]: row for row in metric("test_leaderboard", folder, given)}


def test_equal_scores_share_a_rank_and_percentiles_are_the_known_ones(tmp_path: Path) -> None:
    scores = (90, 85, 85, 70, 70, 70, 60)
    rows = board(tmp_path, *(tried(u, s) for u, s in zip(USERS, scores, strict=True)))
    found = [rows[user] for user in USERS]
    assert [row["rank"] for row in found] == [1, 2, 2, 4, 4, 4, 7]
    assert [row["dense_rank"] for row in found] == [1, 2, 2, 3, 3, 3, 4]
    assert [row["tie_size"] for row in found] == [1, 2, 2, 3, 3, 3, 1]
    percentiles = ["92.86", "71.43", "71.43", "35.71", "35.71", "35.71", "7.14"]
    assert [str(row["percentile"]) for row in found] == percentiles
    assert {row["participants"] for row in found} == {7}


def test_the_faster_of_equal_scores_stands_higher(tmp_path: Path) -> None:
    rows = board(tmp_path, tried("u1", 10, "60.5"), tried("u2", 10, "60.25"), tried("u3", 9, 1))
    assert [rows[u]["rank"] for u in ("u2", "u1", "u3")] == [1, 2, 3]


def test_the_best_attempt_is_by_score_then_time_then_end_then_id(tmp_path: Path) -> None:
    attempts = [
        tried("u1", 9, 1, at=1e9),
        tried("u1", 10, 60, at=2e9, attempt_id="z"),
        tried("u1", 10, 50, at=4e9, attempt_id="z"),
        tried("u1", 10, 50, at=3e9, attempt_id="b"),
        tried("u1", 10, 50, at=3e9, attempt_id="a", ended_at_micros=None),
    ]
    row = board(tmp_path, *attempts)["u1"]
    assert row["attempts"] == 5
    assert row["seconds"] == 50
    assert row["achieved_at"].timestamp() == 3e9 - 600


def test_an_attempt_that_is_not_eligible_is_on_no_board(tmp_path: Path) -> None:
    open_one, ungraded = tried("u2", 99, is_completed=False), tried("u3", 99, is_graded=False)
    assert set(board(tmp_path, tried("u1", 10), open_one, ungraded)) == {"u1"}


def test_a_student_without_profile_is_on_no_board_and_moves_nobody(tmp_path: Path) -> None:
    rows = board(tmp_path, tried("ghost", 99), tried("u1", 10))
    assert list(rows) == ["u1"]
    assert (rows["u1"]["rank"], rows["u1"]["participants"]) == (1, 1)


def test_one_student_has_the_middle_percentile(tmp_path: Path) -> None:
    assert board(tmp_path, tried("u1", 10))["u1"]["percentile"] == 50


def test_a_test_outside_the_catalogue_has_a_board_without_a_template(tmp_path: Path) -> None:
    test = uuid_of("test")
    inside = attempt("u1", test.upper(), at=1e9)
    templates = [{"test_template_id": test}]
    tables = {
        "core_profiles": profiles("u1"),
        "core_attempts": [inside, tried("u1", 1)],
        "catalogue_tests": templates,
    }
    rows = metric("test_leaderboard", tmp_path, tables)
    assert {row["test_id"]: row["test_template_id"] for row in rows} == {
        "t": None,
        test.upper(): test,
    }


def test_a_name_is_shown_only_with_both_consents(tmp_path: Path) -> None:
    consents = {"u1": (True, True), "u2": (True, False), "u3": (False, True)}
    settings = [
        {"user_id": user, "is_profile_visible": visible, "shares_progress": shares}
        for user, (visible, shares) in consents.items()
    ]
    identities = [{"user_id": user, "name": f"Name {user}"} for user in USERS]
    attempts = [tried(user, 10) for user in ("u1", "u2", "u3", "u4")]
    rows = board(tmp_path, *attempts, core_settings=settings, core_identities=identities)
    names = {user: row["display_name"] for user, row in rows.items()}
    assert names == {"u1": "Name u1", "u2": None, "u3": None, "u4": None}


def test_without_attempts_there_are_no_rows(tmp_path: Path) -> None:
    assert board(tmp_path) == {}
