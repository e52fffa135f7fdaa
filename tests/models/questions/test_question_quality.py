"""What is undefined, what is flagged, and which answers count."""

from decimal import Decimal
from pathlib import Path

import pytest
from lake_builders import Row, answer, attempt, uuid_of
from mark_matrices import matrix_rows, question, statistics_of

UNDEFINED = ("item_rest_r", "item_rest_r_low", "item_rest_r_high", "item_total_r", "d27")


def only(tables: dict[str, list[Row]], table: str, number: int = 1) -> Row:
    (row,) = [row for row in tables[table] if row["question_id"] == question(number)]
    return row


@pytest.mark.parametrize("matrix", ["11 11 11", "00 00 00", "10"])
def test_without_variance_correlations_are_null_and_never_zero(tmp_path: Path, matrix: str) -> None:
    tables = statistics_of(tmp_path, matrix_rows(matrix))
    row = only(tables, "question_statistics")
    assert [row[column] for column in UNDEFINED] == [None] * 5
    (test,) = tables["test_statistics"]
    assert (test["kr20"], test["alpha"], test["sem"]) == (None, None, None)


def test_an_empty_lake_gives_empty_tables(tmp_path: Path) -> None:
    tables = statistics_of(tmp_path, {})
    assert {name: len(rows) for name, rows in tables.items() if name != "mastery_tree"} == {
        name: 0 for name in tables if name != "mastery_tree"
    }


def test_a_perfect_correlation_is_its_own_interval(tmp_path: Path) -> None:
    row = only(statistics_of(tmp_path, matrix_rows("11 11 00 00 11")), "question_statistics")
    assert [row[column] for column in UNDEFINED[:3]] == [Decimal(1)] * 3


def test_the_interval_is_null_up_to_three_answers(tmp_path: Path) -> None:
    row = only(statistics_of(tmp_path, matrix_rows("11 00 10")), "question_statistics")
    assert row["item_rest_r"] is not None
    assert (row["item_rest_r_low"], row["item_rest_r_high"]) == (None, None)


@pytest.mark.parametrize(
    ("matrix", "interval"),
    [
        ("11 00 10 01 11", (Decimal("0.1667"), Decimal("-0.8390"), Decimal("0.9145"))),
        ("11 00 10", (Decimal("0.5000"), None, None)),
    ],
)
def test_the_interval_stands_on_the_answers_of_tests_where_the_correlation_is_defined(
    tmp_path: Path, matrix: str, interval: tuple[Decimal | None, ...]
) -> None:
    """In a second test everybody answers everything right, so it has no correlation."""
    rows = matrix_rows(matrix)
    rows["core_attempts"] += [
        {**row, "test_id": "easy", "user_id": f"e{row['user_id']}"}
        for row in matrix_rows(" ".join(["11"] * 40))["core_attempts"]
    ]
    row = only(statistics_of(tmp_path, rows), "question_statistics")
    assert row["times_answered"] == 40 + len(matrix.split())
    assert tuple(row[column] for column in UNDEFINED[:3]) == interval


def test_an_incomplete_matrix_leaves_out_who_skipped(tmp_path: Path) -> None:
    (test,) = statistics_of(tmp_path, matrix_rows("111 110 -11 000 100"))["test_statistics"]
    assert (test["n"], test["items"]) == (4, 3)


def test_questions_drawn_at_random_have_no_reliability(tmp_path: Path) -> None:
    (test,) = statistics_of(tmp_path, matrix_rows("11- 1-0 -01"))["test_statistics"]
    assert (test["n"], test["kr20"], test["sem"]) == (0, None, None)


def test_a_group_of_thirteen_and_a_half_is_fourteen(tmp_path: Path) -> None:
    """27 % of 50; the fourteenth from above has Q1 wrong, and fourteen stand at the bottom."""
    matrix = " ".join(["111"] * 13 + ["011"] + ["001"] * 22 + ["000"] * 14)
    row = only(statistics_of(tmp_path, matrix_rows(matrix)), "question_statistics")
    assert row["d27"] == Decimal("0.9286")


def test_of_two_attempts_at_one_instant_the_smaller_attempt_id_was_first(tmp_path: Path) -> None:
    rows = matrix_rows("1")
    rows["core_attempts"] = [
        attempt("u", "test", at=1e9, key=key, attempt_id=name, answers=[answer(1, question(1), ok)])
        for key, name, ok in (("1", "b", False), ("2", "a", True))
    ]
    assert only(statistics_of(tmp_path, rows), "question_statistics")["correct_count"] == 1


def _forty(right: str, wrong: str, strong_take: str) -> dict[str, list[Row]]:
    """Forty students and three questions; on the first, strong students take one option, weak ones A."""
    marks = [right] * 20 + [wrong] * 20
    options = [strong_take + "AA"] * 20 + ["ABB"] * 20
    return matrix_rows(" ".join(marks), options)


def test_a_wrong_key_is_suspected_when_strong_students_take_a_distractor(tmp_path: Path) -> None:
    row = only(statistics_of(tmp_path, _forty("011", "100", "C")), "question_statistics")
    assert row["item_rest_r"] == Decimal(-1)
    assert row["key_suspect"]
    assert row["non_functional_distractor"]


def test_no_flag_stands_on_fewer_than_thirty_answers(tmp_path: Path) -> None:
    rows = _forty("011", "100", "C")
    rows["core_attempts"] = rows["core_attempts"][6:35]
    row = only(statistics_of(tmp_path, rows), "question_statistics")
    assert row["item_rest_r"] == Decimal(-1)
    flags = ("key_suspect", "too_easy", "too_hard", "non_functional_distractor")
    assert [row[flag] for flag in flags] == [False] * 4


@pytest.mark.parametrize(
    ("both", "one", "suspected"),
    [(0, 20, True), (9, 11, False)],
    ids=["never with the other", "hardly less often than by chance"],
)
def test_without_options_a_key_is_suspected_when_the_interval_lies_below_zero(
    tmp_path: Path, both: int, one: int, suspected: bool
) -> None:
    """Of 40 students so many have both questions right, as many none, and the rest one of the two."""
    matrix = ["11"] * both + ["10"] * one + ["01"] * one + ["00"] * both
    row = only(statistics_of(tmp_path, matrix_rows(" ".join(matrix))), "question_statistics")
    assert row["item_rest_r"] < 0
    assert row["key_suspect"] is suspected


@pytest.mark.parametrize(
    ("taken", "weak", "flagged"), [("C", 14, False), ("C", 15, True), ("E", 15, False)]
)
def test_flags_of_options_need_thirty_answers_with_an_option_of_the_question(
    tmp_path: Path, taken: str, weak: int, flagged: bool
) -> None:
    """Strong students take C, or E that the question has not, weak ones the key; nobody takes D.

    Of 40 more, where it is the other way, no option is recorded.
    """
    options = [f"{taken}AA"] * 15 + ["ABB"] * weak
    rows = matrix_rows(" ".join(["011"] * 15 + ["100"] * weak), options)
    rows["core_attempts"] += [
        {**row, "user_id": f"e{row['user_id']}"}
        for row in matrix_rows(" ".join(["111"] * 20 + ["000"] * 20))["core_attempts"]
    ]
    row = only(statistics_of(tmp_path, rows), "question_statistics")
    assert row["item_rest_r_high"] > 0
    assert (row["key_suspect"], row["non_functional_distractor"]) == (flagged, flagged)


@pytest.mark.parametrize(
    ("flag", "chosen", "flagged"),
    [
        ("too_easy", {"A": 38, "B": 2}, False),
        ("too_easy", {"A": 39, "B": 1}, True),
        ("too_easy", {"A": 29}, False),
        ("too_easy", {"A": 30}, True),
        ("too_hard", {"A": 10, "B": 10, "C": 10, "D": 10}, False),
        ("too_hard", {"A": 9, "B": 11, "C": 10, "D": 10}, True),
        ("too_hard", {"": 32, "A": 8}, False),
        ("too_hard", {"": 33, "A": 7}, True),
        ("non_functional_distractor", {"A": 20, "B": 9, "C": 9, "D": 2}, False),
        ("non_functional_distractor", {"A": 20, "B": 9, "C": 10, "D": 1}, True),
        ("non_functional_distractor", {"A": 1, "B": 13, "C": 13, "D": 13}, False),
    ],
)
def test_a_flag_begins_beyond_its_border(
    tmp_path: Path, flag: str, chosen: dict[str, int], flagged: bool
) -> None:
    """A is the key of four options; where some answers have no option, the question has none in the catalogue."""
    letters = [letter for letter, count in chosen.items() for _ in range(count)]
    marks = " ".join("1" if letter == "A" else "0" for letter in letters)
    rows = matrix_rows(marks, None if "" in chosen else letters)
    assert only(statistics_of(tmp_path, rows), "question_statistics")[flag] is flagged


def test_easy_and_hard_questions_are_flagged_beyond_their_limits(tmp_path: Path) -> None:
    matrix = " ".join(["11100"] * 38 + ["10110"] * 2 + ["11001"] * 2)
    tables = statistics_of(tmp_path, matrix_rows(matrix))
    easy = [only(tables, "question_statistics", n)["too_easy"] for n in range(1, 6)]
    hard = [only(tables, "question_statistics", n)["too_hard"] for n in range(1, 6)]
    assert easy == [True, True, True, False, False]
    assert hard == [False, False, False, True, True]


def test_below_the_guess_score_is_too_hard(tmp_path: Path) -> None:
    matrix = ["10"] * 9 + ["00"] * 31
    tables = statistics_of(tmp_path, matrix_rows(" ".join(matrix), ["A" * 2] * 9 + ["B" * 2] * 31))
    assert only(tables, "question_statistics")["facility"] == Decimal("0.225")
    assert only(tables, "question_statistics")["too_hard"]


def _times(*seconds: object) -> dict[str, list[Row]]:
    rows = matrix_rows(" ".join("1" for _ in seconds))
    for attempt_row, second in zip(rows["core_attempts"], seconds, strict=True):
        attempt_row["answers"][0]["seconds"] = second
    return rows


def test_times_are_rounded_halves_up_and_missing_ones_left_out(tmp_path: Path) -> None:
    rows = _times(Decimal("1"), Decimal("2.005"), None, Decimal("10"), Decimal("3"))
    row = only(statistics_of(tmp_path, rows), "question_statistics")
    assert (row["average_time_seconds"], row["median_time_seconds"]) == (
        Decimal("4.00"),
        Decimal("2.50"),
    )


def test_a_question_without_times_has_no_time(tmp_path: Path) -> None:
    tables = statistics_of(tmp_path, matrix_rows("1 0"))
    assert only(tables, "question_statistics")["average_time_seconds"] is None
    assert only(tables, "question_counts")["average_time_seconds"] is None


def test_later_attempts_count_only_in_the_plain_counts(tmp_path: Path) -> None:
    rows = matrix_rows("1 0")
    again = attempt("u0", "test", at=30_000 * 86_400, answers=[answer(1, question(1), False)])
    rows["core_attempts"].append(again)
    tables = statistics_of(tmp_path, rows)
    assert only(tables, "question_statistics")["times_answered"] == 2
    assert only(tables, "question_counts")["times_answered"] == 3


def test_a_first_attempt_without_answers_is_not_replaced_by_a_later_one(tmp_path: Path) -> None:
    rows = matrix_rows("1 0")
    rows["core_attempts"].append(attempt("u0", "test", at=0, answers=[]))
    assert only(statistics_of(tmp_path, rows), "question_statistics")["times_answered"] == 1


def test_a_test_without_any_answers_has_no_statistics(tmp_path: Path) -> None:
    rows = matrix_rows("1 0")
    rows["core_attempts"] = [
        attempt("u0", "test", at=0, answers=None),
        attempt("u0", "test", at=1, answers=[]),
    ]
    assert statistics_of(tmp_path, rows)["test_statistics"] == []


def test_a_first_attempt_at_unknown_questions_counts_as_one(tmp_path: Path) -> None:
    rows = matrix_rows("1 0")
    rows["core_attempts"].append(attempt("u9", "test", at=0, answers=[answer(1, "gone", True)]))
    tables = statistics_of(tmp_path, rows)
    assert {row["user_id"] for row in tables["first_attempts"]} == {"u0", "u1", "u9"}


def test_of_a_question_twice_in_an_attempt_the_first_answer_counts(tmp_path: Path) -> None:
    rows = matrix_rows("1 0")
    rows["core_attempts"][0]["answers"].append(answer(2, question(1), False))
    row = only(statistics_of(tmp_path, rows), "question_statistics")
    assert (row["times_answered"], row["correct_count"]) == (2, 1)


def test_the_template_says_which_questions_are_the_matrix(tmp_path: Path) -> None:
    rows = matrix_rows("111 110 011 000")
    test = uuid_of("template")
    for row in rows["core_attempts"]:
        row["test_id"] = test
    rows["catalogue_tests"] = [{"test_template_id": test}]
    rows["catalogue_test_questions"] = [
        {"test_template_id": test, "question_id": question(number)} for number in (1, 2)
    ]
    (row,) = statistics_of(tmp_path, rows)["test_statistics"]
    assert (row["test_template_id"], row["n"], row["items"]) == (test, 4, 2)
    assert row["kr20"] == Decimal("0.7273")
