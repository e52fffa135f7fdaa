"""PROFILE and SETTINGS items of a batch of students."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from mavprep_analytics.campus.curriculum import MAJORS, UNIVERSITIES
from mavprep_analytics.campus.population import Population
from mavprep_analytics.campus.term_calendar import Term


def profile_items(
    rng: np.random.Generator, population: Population, students: range, term: Term
) -> Iterator[dict[str, object]]:
    """Yield the profile and settings of every student of the range who has an account."""
    draws = rng.random((len(students), 6))
    for student, draw in zip(students, draws.tolist(), strict=True):
        if not population.is_deleted[student]:
            yield _profile(population, student, term, draw)
            yield _settings(population, student, draw)


def _profile(
    population: Population, student: int, term: Term, draw: list[float]
) -> dict[str, object]:
    user_id = population.user_ids[student]
    created = term.first_day - timedelta(days=1 + int(draw[0] * 700))
    last_day = term.first_day + timedelta(days=int(7 * population.last_week[student]) - 1)
    profile: dict[str, object] = {
        "PK": f"USER#{user_id}",
        "SK": "PROFILE",
        "userId": user_id,
        "email": f"student{student:07d}@campus.example.edu",
        "name": population.name(student),
        "major": MAJORS[int(draw[1] * len(MAJORS))],
        "graduationYear": term.until.year + int(draw[2] * 4),
        "avatarUrl": None if draw[3] < 0.3 else f"https://cdn.mavprep.com/avatars/{user_id}.jpg",
        "created": f"{created}T10:30:00Z",
        "lastLogin": f"{max(created, last_day)}T{int(draw[4] * 12):02d}:22:00Z",
        "emailVerified": bool(population.flags[student, 4]),
        "onboardingCompleted": draw[5] < 0.9,
    }
    university, zone = int(population.university[student]), population.zone_name(student)
    if university >= 0:
        profile["university"] = UNIVERSITIES[university].name
    if zone is not None:
        profile["timezone"] = zone
    return profile


def _settings(population: Population, student: int, draw: list[float]) -> dict[str, object]:
    email, weekly, visible, share, _ = population.flags[student].tolist()
    notifications: dict[str, object] = {
        "email": email,
        "push": draw[0] < 0.4,
        "studyReminders": draw[1] < 0.6,
        "communityUpdates": draw[2] < 0.3,
    }
    if weekly or draw[3] < 0.5:
        notifications["weeklyReport"] = weekly
    return {
        "PK": f"USER#{population.user_ids[student]}",
        "SK": "SETTINGS",
        "notifications": notifications,
        "preferences": {
            "theme": "dark" if draw[4] < 0.5 else "light",
            "language": "en",
            "difficultyPreference": "medium",
            "studyGoalHoursPerDay": 1 + int(draw[5] * 3),
        },
        "privacy": {
            "profileVisible": visible,
            "shareProgress": share,
            "anonymousCommunity": draw[1] < 0.1,
        },
    }
