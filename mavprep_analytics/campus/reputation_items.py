"""REPUTATION items: points, history, badges and the ranks of some earlier day."""

from collections.abc import Iterator

import numpy as np

from mavprep_analytics.campus.catalogue import Catalogue
from mavprep_analytics.campus.community import Earnings
from mavprep_analytics.campus.population import Population
from mavprep_analytics.campus.term_calendar import Term


def reputation_items(
    rng: np.random.Generator,
    catalogue: Catalogue,
    population: Population,
    students: range,
    term: Term,
    earnings: Earnings,
) -> Iterator[dict[str, object]]:
    """Yield the item of nearly every student; a few have none, a few lost their profile."""
    before = 5 * rng.negative_binomial(1, 0.02, len(students))
    earned = earnings.points()
    chance = rng.random((len(students), 2)).tolist()
    for student, old, (absent, ranked) in zip(students, before.tolist(), chance, strict=True):
        if absent >= 0.02:
            item = _item(population, student, old, int(earned[student]), term, earnings)
            if ranked < 0.5:
                item |= _stale_ranks(catalogue, population, student)
            yield item


def _item(
    population: Population, student: int, old: int, earned: int, term: Term, earnings: Earnings
) -> dict[str, object]:
    posts, likes = int(earnings.posts[student]), int(earnings.likes[student])
    accepted = int(earnings.accepted[student])
    history: list[object] = [
        {"date": term.first_day.isoformat(), "change": old, "reason": "Earlier terms"}
    ]
    if earned:
        history.append(
            {"date": term.until.isoformat(), "change": earned, "reason": "This term's community"}
        )
    return {
        "PK": f"USER#{population.user_ids[student]}",
        "SK": "REPUTATION",
        "reputation": old + earned,
        "reputationHistory": history,
        "postsCount": posts,
        "answersCount": int(earnings.comments[student]),
        "acceptedAnswersCount": accepted,
        "helpfulVotesReceived": likes,
        "badges": _badges(term, posts, accepted),
    }


def _badges(term: Term, posts: int, accepted: int) -> list[object]:
    earned = (("first-post", "First Post", posts > 0), ("helpful", "Helpful", accepted > 0))
    return [
        {"id": badge, "name": name, "description": name, "earnedDate": term.until.isoformat()}
        for badge, name, has_it in earned
        if has_it
    ]


def _stale_ranks(catalogue: Catalogue, population: Population, student: int) -> dict[str, object]:
    subjects = np.flatnonzero(population.enrolled[student]).tolist()
    return {
        "globalRank": student + 1,
        "universityRank": 1 + student // 7,
        "subjectRanks": {catalogue.subject_ids[subject]: 1 + student // 3 for subject in subjects},
    }
