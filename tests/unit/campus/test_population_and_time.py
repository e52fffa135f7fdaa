"""Who is on the campus, what they can do, and what time it is where they live."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from mavprep_analytics.campus.catalogue import draw_catalogue
from mavprep_analytics.campus.curriculum import UNIVERSITIES
from mavprep_analytics.campus.flashcard_items import Card
from mavprep_analytics.campus.learning import after_week, chances_of_a_day, chances_over_days
from mavprep_analytics.campus.population import draw_abilities, draw_population
from mavprep_analytics.campus.term_calendar import Term
from mavprep_analytics.campus.topic_names import slug

CATALOGUE = draw_catalogue(4)
POPULATION = draw_population(4, 4_000, 12)


def test_the_catalogue_has_the_promised_size_and_shape() -> None:
    depths = {topic.depth for topic in CATALOGUE.topics}
    sizes = (CATALOGUE.tests.questions >= 0).sum(axis=1)
    assert depths == {1, 2, 3, 4}
    assert 40 <= len(CATALOGUE.leaf_topics) <= 60
    assert 1_900 <= len(CATALOGUE.questions.ids) <= 2_200
    assert 20 <= sizes.min() <= sizes.max() <= 50
    assert len(set(CATALOGUE.questions.ids)) == len(CATALOGUE.questions.ids)


def test_planted_questions_are_few_and_not_true_false() -> None:
    questions = CATALOGUE.questions
    wrong_key = questions.key != questions.answer
    for planted in (wrong_key, questions.has_dead_option):
        assert 1 <= planted.sum() <= 60
        assert not (planted & questions.has_two_options).any()
    assert not (wrong_key & questions.has_dead_option).any()
    assert (~questions.is_active).sum() >= 5


def test_tests_ask_only_active_questions_of_their_subject_once() -> None:
    for subject, row in zip(CATALOGUE.tests.subject, CATALOGUE.tests.questions, strict=True):
        asked = row[row >= 0]
        leaves = CATALOGUE.questions.leaf[asked]
        assert {CATALOGUE.leaf_topics[leaf].subject for leaf in leaves} == {subject}
        assert CATALOGUE.questions.is_active[asked].all()
        assert len(set(asked.tolist())) == len(asked)


def test_a_few_students_leave_never_begin_or_have_no_usable_zone() -> None:
    people = POPULATION
    never = people.first_week == people.last_week
    early = ~never & (people.last_week < 12)
    assert 0.02 < never.mean() < 0.07
    assert 0.03 < early.mean() < 0.08
    assert 0.003 < people.is_deleted.mean() < 0.02
    assert 0.005 < (people.university < 0).mean() < 0.04
    assert 0.005 < (people.zone == -1).mean() < 0.03
    assert 0.004 < (people.zone < -1).mean() < 0.02
    assert people.enrolled.sum(axis=1).min() == 1
    assert len(set(people.user_ids)) == 4_000
    assert any(not people.name(student).isascii() for student in range(50))


@pytest.mark.parametrize(
    ("university", "local_day", "local_hour", "expected"),
    [
        ("Tribhuvan University", date(2026, 10, 1), 0, "2026-09-30T18:15:00+00:00"),
        (
            "Indian Institute of Technology Madras",
            date(2026, 10, 1),
            5,
            "2026-09-30T23:30:00+00:00",
        ),
        ("University of Texas at Arlington", date(2026, 10, 31), 12, "2026-10-31T17:00:00+00:00"),
        ("University of Texas at Arlington", date(2026, 11, 1), 12, "2026-11-01T18:00:00+00:00"),
        ("University of Adelaide", date(2026, 10, 3), 12, "2026-10-03T02:30:00+00:00"),
        ("University of Adelaide", date(2026, 10, 4), 12, "2026-10-04T01:30:00+00:00"),
    ],
)
def test_local_time_becomes_utc_across_half_hours_and_clock_changes(
    university: str, local_day: date, local_hour: int, expected: str
) -> None:
    term = Term(date(2026, 11, 15), 12)
    zone = [place.name for place in UNIVERSITIES].index(university)
    local = (local_day - term.first_day).days * 86_400 + local_hour * 3_600
    (moment,) = term.to_utc(np.array([zone]), np.array([local])).tolist()
    assert datetime.fromtimestamp(moment, UTC).isoformat() == expected


def test_an_unknown_zone_is_utc() -> None:
    term = Term(date(2026, 11, 15), 2)
    moments = term.to_utc(np.array([-1, -2, -5]), np.array([3_600] * 3))
    assert set(moments.tolist()) == {term.start + 3_600}


def test_a_term_of_whole_weeks_ends_with_its_last_day() -> None:
    term = Term(date(2026, 11, 15), 12)
    assert term.first_day == date(2026, 8, 24)
    assert term.first_day.weekday() == 0
    assert term.activity().mean() == pytest.approx(1)
    assert term.activity().max() > 2 * term.activity().min()


def test_abilities_of_one_subject_resemble_each_other_more_than_those_of_two() -> None:
    _, leaves = draw_abilities(np.random.default_rng(1), 3_000, CATALOGUE)
    subjects = [topic.subject for topic in CATALOGUE.leaf_topics]
    same, other = subjects.index(0) + 1, subjects.index(1)
    within = np.corrcoef(leaves[:, 0], leaves[:, same])[0, 1]
    between = np.corrcoef(leaves[:, 0], leaves[:, other])[0, 1]
    assert within > between + 0.1 > 0.3


def test_true_chances_rise_with_ability_and_a_parent_lies_between_its_leaves() -> None:
    flat = np.full((2, len(CATALOGUE.leaf_topics)), [[-1.0], [1.0]])
    chances = chances_over_days(CATALOGUE, flat)
    assert (chances[1] > chances[0]).all()
    for place, topic in enumerate(CATALOGUE.topics):
        below = [chances[0, n] for n, t in enumerate(CATALOGUE.topics) if t.leaf in topic.leaves]
        assert min(below) - 1e-12 <= chances[0, place] <= max(below) + 1e-12


def test_a_good_day_is_better_than_usual_and_days_average_out() -> None:
    flat = np.zeros((2, len(CATALOGUE.leaf_topics)))
    bad, good = chances_of_a_day(CATALOGUE, flat, np.array([-0.5, 0.5]))
    usual = chances_over_days(CATALOGUE, flat)[0]
    assert ((bad < usual) & (usual < good)).all()
    assert np.abs((bad + good) / 2 - usual).max() < 0.01


def test_practice_raises_ability_and_idle_weeks_take_it_away() -> None:
    rate, none = np.ones(1), np.zeros((1, 1))
    practised = after_week(none, rate, np.full((1, 1), 20.0))
    idle = after_week(practised, rate, none)
    assert 0 < idle[0, 0] < practised[0, 0] < 0.3
    assert after_week(none, rate, none)[0, 0] == 0


def test_sm2_gives_the_intervals_and_eases_of_its_definition() -> None:
    card = Card(created=0)
    intervals, eases = [], []
    for day, rating in enumerate((2, 2, 2, 3, 1, 0, 2)):
        card = card.reviewed(day, rating)
        intervals.append(card.interval)
        eases.append(card.ease)
    assert intervals == [1, 6, 15, 38, 99, 1, 1]
    assert eases == [250, 250, 250, 260, 246, 214, 214]
    assert card.repetition == 1


def test_ease_never_falls_below_its_floor() -> None:
    card = Card(created=0)
    for day in range(10):
        card = card.reviewed(day, 0)
    assert card.ease == 130


def test_a_slug_is_lower_case_with_single_hyphens() -> None:
    assert slug("Product & Quotient Rule") == "product-quotient-rule"
    assert slug("t-Tests") == "t-tests"
