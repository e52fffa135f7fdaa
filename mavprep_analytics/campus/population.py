"""The students: who they are, where they live, what they study and how eager they are.

Here: one small array element per student, drawn at once, and true abilities, drawn per batch so that any
campus size fits in memory. Not here: what they do (`attempt_draws`, `flashcards`, `community`).
"""

from dataclasses import dataclass

import numpy as np

from mavprep_analytics.campus.catalogue import Catalogue, Flags, Floats, Ints
from mavprep_analytics.campus.curriculum import (
    COURSES,
    FULL_NAMES,
    MALFORMED_ZONES,
    UNIVERSITIES,
)

BATCH_STUDENTS = 256
_TESTS_PER_WEEK = 1.45
GLOBAL_SPREAD, SUBJECT_SPREAD, TOPIC_SPREAD = 0.91, 0.41, 0.30
"""Standard deviations of true ability in logits: overall, per subject, per node of the topic tree.

None was fitted to the mastery model. Within a subject students spread by one logit, the unit of IRT scales, as
befits students of several universities (of one course they spread by .67: half of them below 55 %, half above
75 % correct, Koedinger et al. 2023, doi:10.1073/pnas.2221311120). Abilities in two fields correlate .83, the mean
latent correlation of PISA 2009 over reading's parts, mathematics and science (Lange and Rindermann 2026,
doi:10.65550/001c.155776): so .83 and .17 of the variance are overall and the subject's, and topics within a
subject add 1 / .83 - 1 of it, spread over the two or three nodes above a leaf.
"""
FORM_SPREAD = 0.49
"""Standard deviation of a good or bad day, in logits, shared by all answers of an attempt.

A day's own variance is .24 of the lasting one in the statistics fill-in drill of Optimal-Learning-Lab/LKT: answers
of one student, each less its question's rate, covary by .57 within a day and by .46 between days, in logits.
"""


@dataclass(frozen=True)
class Population:
    """All students, one element each.

    Attributes:
        full_name: index into FULL_NAMES.
        university: index into UNIVERSITIES, -1 none.
        zone: index into UNIVERSITIES' zones, -1 attribute missing, -2-n the n-th malformed name.
        enrolled: students x subjects.
        pace: mean tests per ordinary week.
        first_week, last_week: weeks of activity, last exclusive; equal when never active.
        is_deleted: left behind attempts but neither profile nor settings.
        flags: students x (email, weekly report, profile visible, share progress, email verified).
    """

    user_ids: list[str]
    full_name: Ints
    university: Ints
    zone: Ints
    enrolled: Flags
    pace: Floats
    first_week: Ints
    last_week: Ints
    is_deleted: Flags
    flags: Flags

    def __len__(self) -> int:
        return len(self.user_ids)

    def name(self, student: int) -> str:
        """Return a student's full name."""
        return FULL_NAMES[int(self.full_name[student])]

    def zone_name(self, student: int) -> str | None:
        """Return the profile's timezone as written, None when it has none."""
        zone = int(self.zone[student])
        if zone >= 0:
            return UNIVERSITIES[zone].zone
        return None if zone == -1 else MALFORMED_ZONES[-2 - zone]


def draw_population(seed: int, students: int, weeks: int) -> Population:
    """Draw all students of a campus."""
    rng = np.random.default_rng([seed, 1])
    university = rng.choice(len(UNIVERSITIES), students, p=_university_shares())
    first_week, last_week = _active_weeks(rng, students, weeks)
    return Population(
        user_ids=random_uuids(rng, students),
        full_name=rng.integers(0, len(FULL_NAMES), students),
        university=np.where(rng.random(students) < 0.02, -1, university),
        zone=_zones(rng, university),
        enrolled=_enrolments(rng, students),
        pace=rng.gamma(4.0, 0.25, students) * _TESTS_PER_WEEK,
        first_week=first_week,
        last_week=last_week,
        is_deleted=rng.random(students) < 0.01,
        flags=rng.random((students, 5)) < (0.9, 0.85, 0.8, 0.6, 0.95),
    )


def draw_abilities(
    rng: np.random.Generator, students: int, catalogue: Catalogue
) -> tuple[Floats, Floats]:
    """Draw true abilities in logits.

    Returns:
        Overall ability (students), and ability per leaf topic (students x leaves): overall plus
        subject plus every node on the way down to the leaf.
    """
    overall = rng.normal(0, GLOBAL_SPREAD, students)
    per_subject = rng.normal(0, SUBJECT_SPREAD, (students, len(COURSES)))
    per_node = rng.normal(0, TOPIC_SPREAD, (students, len(catalogue.topics)))
    leaves = np.empty((students, len(catalogue.leaf_topics)))
    for place, topic in enumerate(catalogue.topics):
        if topic.parent >= 0:
            per_node[:, place] += per_node[:, topic.parent]
        else:
            per_node[:, place] += overall + per_subject[:, topic.subject]
        if topic.leaf >= 0:
            leaves[:, topic.leaf] = per_node[:, place]
    return overall, leaves


def draw_form(rng: np.random.Generator, sittings: int) -> Floats:
    """Draw how much better or worse than usual each sitting goes, in logits."""
    return rng.normal(0, FORM_SPREAD, sittings)


def random_uuids(rng: np.random.Generator, count: int) -> list[str]:
    """Return random version 4 UUIDs as text."""
    text = rng.bytes(16 * count).hex()
    return [
        f"{text[i : i + 8]}-{text[i + 8 : i + 12]}-4{text[i + 13 : i + 16]}"
        f"-a{text[i + 17 : i + 20]}-{text[i + 20 : i + 32]}"
        for i in range(0, 32 * count, 32)
    ]


def _university_shares() -> Floats:
    weights = 1.0 / np.arange(1, len(UNIVERSITIES) + 1)
    shares: Floats = weights / weights.sum()
    return shares


def _zones(rng: np.random.Generator, university: Ints) -> Ints:
    chance = rng.random(len(university))
    malformed = -2 - rng.integers(0, len(MALFORMED_ZONES), len(university))
    elsewhere = rng.integers(0, len(UNIVERSITIES), len(university))
    cases = [chance < 0.015, chance < 0.025, chance < 0.1]
    return np.select(cases, [np.full(len(university), -1), malformed, elsewhere], university)


def _enrolments(rng: np.random.Generator, students: int) -> Flags:
    wanted = rng.choice((1, 2, 3, 4), students, p=(0.1, 0.35, 0.35, 0.2))
    order = np.argsort(rng.random((students, len(COURSES))), axis=1)
    enrolled: Flags = order < wanted[:, None]
    return enrolled


def _active_weeks(rng: np.random.Generator, students: int, weeks: int) -> tuple[Ints, Ints]:
    chance = rng.random(students)
    starts_late = rng.random(students) < 0.1
    first = np.where(starts_late, rng.integers(0, max(1, weeks // 2), students), 0)
    drops_at = np.minimum(weeks, first + rng.integers(1, max(2, weeks // 3), students))
    last = np.where(chance < 0.05, drops_at, weeks)
    return first, np.where(chance > 0.96, first, last)
