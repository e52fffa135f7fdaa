"""One week's test attempts of a batch of students, drawn as arrays.

Here: which tests, when, which answers, how long. Not here: their text (`attempt_items`) and how ability
changes (`learning`). Attempts are aligned arrays; answers are flat arrays with the attempt's index.
"""

from dataclasses import dataclass

import numpy as np

from mavprep_analytics.campus.catalogue import Catalogue, Flags, Floats, Ints, chance_correct
from mavprep_analytics.campus.population import Population, draw_form
from mavprep_analytics.campus.term_calendar import DAY, WEEK, Term

_LONGEST_ATTEMPT = 4 * 3_600
_SKIP_CHANCE, _ABANDON_CHANCE, _UNGRADED_CHANCE = 0.02, 0.015, 0.01
_NO_ANSWERS_CHANCE, _UNLISTED_TEST_CHANCE = 0.01, 0.01
_SECONDS_PER_BAND = (28.0, 42.0, 65.0)
_DAY_SHARES = (0.16, 0.16, 0.16, 0.15, 0.09, 0.1, 0.18)


@dataclass(frozen=True)
class Attempts:
    """A week's attempts and answers.

    Attributes:
        student: index within the batch.
        test: index of the template.
        local_day: days since the period's first day, in the student's zone.
        started: epoch seconds.
        seconds: time spent.
        total, correct, skipped: counts of questions; `total` holds the unanswered ones of an abandoned test.
        completed, graded, has_answers, is_listed: flags; an unlisted test is not in the catalogue.
        of_attempt, question, option, is_correct, answer_seconds: the answers, skipped ones left out.
    """

    student: Ints
    test: Ints
    local_day: Ints
    started: Ints
    seconds: Ints
    total: Ints
    correct: Ints
    skipped: Ints
    completed: Flags
    graded: Flags
    has_answers: Flags
    is_listed: Flags
    of_attempt: Ints
    question: Ints
    option: Ints
    is_correct: Flags
    answer_seconds: Ints

    def __len__(self) -> int:
        return len(self.student)


def draw_attempts(
    rng: np.random.Generator,
    catalogue: Catalogue,
    population: Population,
    batch: slice,
    abilities: Floats,
    term: Term,
    week: int,
) -> Attempts:
    """Draw a week of a batch of students.

    Args:
        rng: of this batch.
        catalogue: what is taught.
        population: all students.
        batch: which of them.
        abilities: batch students x leaf topics, in logits, as of this week.
        term: the simulated period.
        week: 0-based.
    """
    student, local, started = _sittings(rng, population, batch, term, week)
    test = _choose_tests(rng, catalogue, population.enrolled[batch][student])
    presented = catalogue.tests.questions[test]
    is_abandoned = rng.random(len(student)) < _ABANDON_CHANCE
    is_answered, is_skipped = _reach(rng, presented, is_abandoned)
    of_attempt, column = np.nonzero(is_answered)
    question = presented[of_attempt, column]
    form = draw_form(rng, len(student))
    ability = abilities[student[of_attempt], catalogue.questions.leaf[question]]
    option = _choose_options(rng, catalogue, question, ability + form[of_attempt])
    answer_seconds = _answer_seconds(rng, catalogue.questions.band[question])
    is_correct = option == catalogue.questions.key[question]
    count = len(student)
    return Attempts(
        student=student,
        test=test,
        local_day=local // DAY,
        started=started,
        seconds=np.bincount(of_attempt, answer_seconds, count).astype(np.int64),
        total=(presented >= 0).sum(axis=1),
        correct=np.bincount(of_attempt[is_correct], minlength=count),
        skipped=is_skipped.sum(axis=1),
        completed=~is_abandoned,
        graded=~is_abandoned & (rng.random(count) >= _UNGRADED_CHANCE),
        has_answers=rng.random(count) >= _NO_ANSWERS_CHANCE,
        is_listed=rng.random(count) >= _UNLISTED_TEST_CHANCE,
        of_attempt=of_attempt,
        question=question,
        option=option,
        is_correct=is_correct,
        answer_seconds=answer_seconds,
    )


def _sittings(
    rng: np.random.Generator, population: Population, batch: slice, term: Term, week: int
) -> tuple[Ints, Ints, Ints]:
    """Return student, local start and UTC start of each attempt, without two starts in one second."""
    is_active = (population.first_week[batch] <= week) & (week < population.last_week[batch])
    pace = population.pace[batch] * is_active * term.activity()[week]
    student = np.repeat(np.arange(len(pace)), rng.poisson(pace))
    day = rng.choice(7, len(student), p=_DAY_SHARES)
    clock = np.clip(rng.normal(17.5, 3.5, len(student)), 0, 23.99) * 3_600
    local = week * WEEK + day * DAY + clock.astype(np.int64)
    started = term.to_utc(population.zone[batch][student], local)
    _, first = np.unique(student * 2**40 + started, return_index=True)
    kept = first[started[first] + _LONGEST_ATTEMPT < term.end]
    return student[kept], local[kept], started[kept]


def _choose_tests(rng: np.random.Generator, catalogue: Catalogue, enrolled: Flags) -> Ints:
    subject = np.argmax(rng.random(enrolled.shape) * enrolled, axis=1)
    of_subject = np.array(catalogue.tests.of_subject)
    chosen: Ints = of_subject[subject, rng.integers(0, of_subject.shape[1], len(subject))]
    return chosen


def _reach(rng: np.random.Generator, presented: Ints, is_abandoned: Flags) -> tuple[Flags, Flags]:
    """Return which presented questions (attempts x places) are answered, and which skipped."""
    places = presented.shape[1]
    reached = np.where(is_abandoned, rng.integers(1, 20, len(presented)), places)
    is_reached = (presented >= 0) & (np.arange(places) < reached[:, None])
    is_skipped = is_reached & (rng.random(presented.shape) < _SKIP_CHANCE)
    return is_reached & ~is_skipped, is_skipped


def _choose_options(
    rng: np.random.Generator, catalogue: Catalogue, question: Ints, ability: Floats
) -> Ints:
    questions = catalogue.questions
    is_right = rng.random(len(question)) < chance_correct(questions, question, ability)
    draw = rng.random(len(question))
    lured = (draw[:, None] >= questions.lures[question]).sum(axis=1)
    chosen: Ints = np.where(is_right, questions.answer[question], np.minimum(lured, 3))
    return chosen


def _answer_seconds(rng: np.random.Generator, band: Ints) -> Ints:
    typical = np.take(_SECONDS_PER_BAND, band)
    seconds = np.exp(rng.normal(0, 0.45, len(band))) * typical
    whole: Ints = np.clip(seconds, 3, 280).astype(np.int64)
    return whole
