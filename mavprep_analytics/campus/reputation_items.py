"""REPUTATION items: points, history, badges and the ranks of some earlier day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import numpy as np

from mavprep_analytics.campus.catalogue import Catalogue
from mavprep_analytics.campus.community import Books, Earnings
from mavprep_analytics.campus.population import Population
from mavprep_analytics.campus.term_calendar import Term


def reputation_items(
    rng: np.random.Generator,
    catalogue: Catalogue,
    population: Population,
    term: Term,
    books: Books,
) -> Iterator[list[tuple[int, dict[str, object]]]]:
    """Yield the versions (epoch second, item) of nearly every student's reputation.

    The second version stands for what the nights brought, if they brought anything. A few students have
    no reputation, a few have one without a profile.
    """
    students = len(population)
    earlier = (5 * rng.negative_binomial(1, 0.02, students)).tolist()
    chance = rng.random((students, 2)).tolist()
    last_full_day = datetime.fromtimestamp(books.cutoff - 1, UTC).date()
    before, total = books.before.points().tolist(), books.total.points().tolist()
    for student, (absent, ranked) in enumerate(chance):
        if absent < 0.02:
            continue
        ranks = _stale_ranks(catalogue, population, student) if ranked < 0.5 else {}
        sums = (earlier[student], before[student])
        item = _item(population, student, sums, (term.first_day, last_full_day), books.before)
        versions = [(books.cutoff - 1, item | ranks)]
        if total[student] != before[student]:
            sums = (earlier[student], total[student])
            item = _item(population, student, sums, (term.first_day, term.until), books.total)
            versions.append((term.end - 1, item | ranks))
        yield versions


def _item(
    population: Population,
    student: int,
    sums: tuple[int, int],
    days: tuple[date, date],
    earnings: Earnings,
) -> dict[str, object]:
    old, earned = sums
    posts, likes = int(earnings.posts[student]), int(earnings.likes[student])
    accepted = int(earnings.accepted[student])
    history: list[object] = [
        {"date": days[0].isoformat(), "change": old, "reason": "Earlier terms"}
    ]
    if earned:
        history.append(
            {"date": days[1].isoformat(), "change": earned, "reason": "This term's community"}
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
        "badges": _badges(days[1], posts, accepted),
    }


def _badges(day: date, posts: int, accepted: int) -> list[object]:
    earned = (("first-post", "First Post", posts > 0), ("helpful", "Helpful", accepted > 0))
    return [
        {"id": badge, "name": name, "description": name, "earnedDate": day.isoformat()}
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
