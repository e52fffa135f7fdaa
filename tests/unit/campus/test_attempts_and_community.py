"""Draws that a small campus rarely shows: crowded weeks and reported posts."""

from collections import Counter
from dataclasses import replace
from datetime import date

import numpy as np

from mavprep_analytics.campus.attempt_draws import draw_attempts
from mavprep_analytics.campus.catalogue import draw_catalogue
from mavprep_analytics.campus.community import Books, Earnings, community_items
from mavprep_analytics.campus.population import draw_population
from mavprep_analytics.campus.term_calendar import Term

CATALOGUE = draw_catalogue(4)
TERM = Term(date(2026, 11, 15), 2)


def test_nobody_begins_two_tests_in_one_second_nor_ends_after_the_campus() -> None:
    crowd = replace(
        draw_population(4, 2, 2),
        pace=np.full(2, 1_500.0),
        first_week=np.zeros(2, dtype=np.int64),
        last_week=np.full(2, 2),
    )
    abilities = np.zeros((2, len(CATALOGUE.leaf_topics)))
    rng = np.random.default_rng(3)
    week = draw_attempts(rng, CATALOGUE, crowd, slice(0, 2), abilities, TERM, 1)
    starts = list(zip(week.student.tolist(), week.started.tolist(), strict=True))
    assert len(starts) > 1_000
    assert len(set(starts)) == len(starts)
    assert (week.started + week.seconds + 90 < TERM.end).all()


def test_reported_posts_and_comments_earn_nothing() -> None:
    people = draw_population(4, 400, 12)
    term = Term(date(2026, 11, 15), 12)
    books = Books(Earnings.none(400), Earnings.none(400), term.end)
    points: Counter[object] = Counter()
    counted: set[object] = set()
    reported = 0
    rng = np.random.default_rng(5)
    for kind, moment, item in community_items(rng, CATALOGUE, people, term, books):
        entry = item["postId"] if kind == "post" else item["commentId"]
        assert term.start <= moment < term.end
        if entry in counted:
            continue
        counted.add(entry)
        reported += item["isReported"] is True
        if not item["isReported"]:
            likes = item["likes"]
            assert isinstance(likes, int)
            points[item["userId"]] += 5 * likes + 15 * (item.get("isAnswer") is True)
    assert reported >= 5
    total = books.total.points().tolist()
    assert [points[user] for user in people.user_ids] == total
    assert total == books.before.points().tolist()
