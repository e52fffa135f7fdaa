"""Recall of flashcards by topic, slowly, from plain rows: FSRS of a card reviewed once, else SM-2's interval."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache

import fsrs
from nasty_catalogue import slug
from oracle_attempts import Row, Tables, instant, known_users, local_date, resolve_subject
from oracle_rounding import rounded


def topic_recall(tables: Tables, as_of: date, default: str) -> list[Row]:
    """Return the rows of topic_recall, as read on the Sunday that ends the as-of date's week."""
    sunday = as_of + timedelta(days=6 - as_of.weekday())
    cards: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for card in tables["core_flashcards"]:
        if card["user_id"] in known_users(tables):
            for topic in {_topic(tables, card, tag) for tag in card["tags"] or []} - {None}:
                cards[card["user_id"], str(topic)].append(card)
    return [
        {
            "user_id": user,
            "topic_id": topic,
            "cards": len(of_topic),
            "due": sum(is_due(tables, card, sunday, default) for card in of_topic),
            "recall": _mean([r for r in (_recall(c, sunday) for c in of_topic) if r is not None]),
        }
        for (user, topic), of_topic in cards.items()
    ]


def _mean(recalls: list[float]) -> Decimal | None:
    """Return the mean of what is rounded to millionths, to four decimals."""
    millionths = [Fraction(rounded(Fraction(recall), 6)) for recall in recalls]
    return rounded(sum(millionths, Fraction(0)) / len(recalls), 4) if recalls else None


def _topic(tables: Tables, card: Row, tag: str) -> str | None:
    subjects = [
        resolve_subject(tables, deck["subject_ref"], None)
        for deck in tables["core_decks"]
        if deck["user_id"] == card["user_id"]
        and deck["deck_id"] == card["deck_id"]
        and deck["subject_ref"] is not None
    ]
    named = [row for row in tables["catalogue_topics"] if slug(row["name"]) == slug(tag)]
    own = [row["topic_id"] for row in named if subjects and row["subject_id"] == subjects[0]]
    if len(own) == 1:
        return str(own[0])
    return str(named[0]["topic_id"]) if len(named) == 1 else None


def is_due(tables: Tables, card: Row, sunday: date, default: str) -> bool:
    """Return whether a card's next review falls on the Monday after, or before it, where the student lives."""
    at = card["next_review_at_micros"]
    monday = sunday + timedelta(days=1)
    return at is not None and local_date(tables, card["user_id"], at, default) <= monday


def _recall(card: Row, sunday: date) -> float | None:
    if card["last_reviewed_at_micros"] is None:
        return None
    days = max((sunday - instant(card["last_reviewed_at_micros"]).date()).days, 0)
    if card["review_count"] == 1:
        return _after_one_review(days, is_known=card["correct_count"] > 0)
    return float(0.9 ** (days / max(float(card["interval_days"]), 1.0)))


@cache
def _after_one_review(days: int, *, is_known: bool) -> float:
    rating = fsrs.Rating.Good if is_known else fsrs.Rating.Again
    scheduler, at = fsrs.Scheduler(enable_fuzzing=False), datetime(2020, 1, 1, tzinfo=UTC)
    card, _ = scheduler.review_card(fsrs.Card(card_id=1), rating, at)
    return float(scheduler.get_card_retrievability(card, at + timedelta(days=days)))
