import pytest
from metric_lakes import assert_same_rows, campus
from nasty_lakes import AS_OF, DEFAULT_ZONE
from oracle_attempts import eligible_attempts
from oracle_boards import leaderboard_of_tests
from oracle_rankings import rankings
from oracle_subject_performance import subject_performance
from oracle_unresolved import unresolved_references
from oracle_weeks import student_weeks

SEEDS = [0, 1, 2, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 20))]
each_seed = pytest.mark.parametrize("seed", SEEDS)


@each_seed
def test_eligible_attempts_are_those_of_the_plain_reading(seed: int) -> None:
    tables, _, lake = campus(seed)
    assert_same_rows("eligible_attempts", lake, eligible_attempts(tables, DEFAULT_ZONE))


@each_seed
def test_subject_performance_is_that_of_the_plain_reading(seed: int) -> None:
    tables, _, lake = campus(seed)
    assert_same_rows("subject_performance", lake, subject_performance(tables, DEFAULT_ZONE))


@each_seed
def test_leaderboards_are_those_of_the_plain_reading(seed: int) -> None:
    tables, _, lake = campus(seed)
    assert_same_rows("test_leaderboard", lake, leaderboard_of_tests(tables))


@each_seed
def test_rankings_and_their_moves_are_those_of_the_plain_reading(seed: int) -> None:
    tables, previous, lake = campus(seed)
    assert_same_rows("rankings", lake, rankings(tables, previous))


@each_seed
def test_student_weeks_are_those_of_the_plain_reading(seed: int) -> None:
    tables, previous, lake = campus(seed)
    ranks = rankings(tables, previous)
    assert_same_rows("student_week", lake, student_weeks(tables, DEFAULT_ZONE, AS_OF, ranks))


@each_seed
def test_unresolved_references_are_those_of_the_plain_reading(seed: int) -> None:
    tables, _, lake = campus(seed)
    assert_same_rows("unresolved_references", lake, unresolved_references(tables))
