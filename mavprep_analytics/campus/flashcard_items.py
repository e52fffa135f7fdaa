"""FLASHCARD and DECK items whose state is what SM-2 makes of a real series of reviews.

SM-2: https://super-memory.org/english/ol/sm2.htm; ratings 0 Again, 1 Hard, 2 Good, 3 Easy stand for its
qualities 2 to 5; a card rated Again starts over.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from mavprep_analytics.campus.catalogue import Catalogue, Topic
from mavprep_analytics.campus.curriculum import COURSES
from mavprep_analytics.campus.population import Population, random_uuids
from mavprep_analytics.campus.term_calendar import DAY, Term, iso_seconds
from mavprep_analytics.campus.topic_names import slug

_LOWEST_EASE = 130


@dataclass
class Card:
    """SM-2 state of a card; ease in hundredths, days since the period's start."""

    created: int
    interval: int = 0
    repetition: int = 0
    ease: int = 250
    last_review: int | None = None
    ratings: tuple[int, ...] = ()

    def review(self, day: int, rating: int) -> None:
        """Apply one review."""
        if rating == 0:
            self.repetition, self.interval = 0, 1
        else:
            self.interval = _next_interval(self)
            self.repetition += 1
        miss = 3 - rating
        self.ease = max(_LOWEST_EASE, self.ease + 10 - miss * (8 + 2 * miss))
        self.last_review = day
        self.ratings += (rating,)


def flashcard_items(
    rng: np.random.Generator,
    catalogue: Catalogue,
    population: Population,
    students: range,
    term: Term,
) -> Iterator[dict[str, object]]:
    """Yield decks and cards; about half of the students have one deck or two."""
    decks = rng.choice(3, len(students), p=(0.5, 0.35, 0.15))
    for student, deck_count in zip(students, decks.tolist(), strict=True):
        subjects = np.flatnonzero(population.enrolled[student])
        for _ in range(deck_count):
            leaves = [t for t in catalogue.leaf_topics if t.subject == rng.choice(subjects)]
            if leaves:
                topic = leaves[int(rng.integers(0, len(leaves)))]
                weeks = int(population.last_week[student])
                yield from _deck(rng, population.user_ids[student], catalogue, topic, term, weeks)


def _next_interval(card: Card) -> int:
    if card.repetition == 0:
        return 1
    return 6 if card.repetition == 1 else -(-card.interval * card.ease // 100)


def _deck(
    rng: np.random.Generator,
    user_id: str,
    catalogue: Catalogue,
    topic: Topic,
    term: Term,
    active_weeks: int,
) -> Iterator[dict[str, object]]:
    cards = [_study(rng, active_weeks) for _ in range(int(rng.integers(6, 22)))]
    ids = random_uuids(rng, len(cards) + 1)
    deck_id, name = ids.pop(), f"{COURSES[topic.subject].name}: {topic.name}"
    for number, (card_id, card) in enumerate(zip(ids, cards, strict=True), start=1):
        yield _card_item(user_id, card_id, card, (deck_id, name), (topic, number), term)
    reviewed = [card.last_review for card in cards if card.last_review is not None]
    yield {
        "PK": f"USER#{user_id}",
        "SK": f"DECK#{deck_id}",
        "deckId": deck_id,
        "deckName": name,
        "subjectId": catalogue.subject_ids[topic.subject],
        "totalCards": len(cards),
        "newCards": sum(not card.ratings for card in cards),
        "learningCards": sum(bool(card.ratings) and card.interval < 6 for card in cards),
        "reviewCards": sum(card.interval >= 6 for card in cards),
        "newCardsPerDay": 10,
        "reviewsPerDay": 50,
        "created": _moment(term, min(card.created for card in cards)),
        "lastReviewed": _moment(term, max(reviewed)) if reviewed else None,
    }


def _study(rng: np.random.Generator, active_weeks: int) -> Card:
    last_day = 7 * active_weeks - 1
    card = Card(created=int(rng.integers(-60, max(1, last_day))))
    quality = float(rng.beta(5, 2))
    day = card.created + int(rng.integers(0, 5))
    while day < last_day and len(card.ratings) < 12:
        rating = 0 if rng.random() > quality else int(rng.integers(1, 4))
        card.review(day, rating)
        day += card.interval + int(rng.integers(0, 4))
    return card


def _card_item(
    user_id: str,
    card_id: str,
    card: Card,
    deck: tuple[str, str],
    about: tuple[Topic, int],
    term: Term,
) -> dict[str, object]:
    topic, number = about
    count = len(card.ratings)
    last = card.last_review
    correct = sum(rating > 0 for rating in card.ratings)
    return {
        "PK": f"USER#{user_id}",
        "SK": f"FLASHCARD#{card_id}",
        "cardId": card_id,
        "deckId": deck[0],
        "deckName": deck[1],
        "front": f"{topic.name}: what does rule {number} say?",
        "back": f"Rule {number} of {topic.name}",
        "frontImageUrl": None,
        "backImageUrl": None,
        "interval": card.interval,
        "repetition": card.repetition,
        "easeFactor": Decimal(card.ease).scaleb(-2),
        "nextReview": _moment(term, card.created if last is None else last + card.interval),
        "lastReviewed": None if last is None else _moment(term, last),
        "reviewCount": count,
        "correctCount": correct,
        "incorrectCount": count - correct,
        "averageRating": Decimal(round(10 * sum(card.ratings) / count) if count else 0).scaleb(-1),
        "created": _moment(term, card.created),
        "tags": [slug(topic.name), slug(COURSES[topic.subject].name)],
        "source": "preset" if number % 3 == 0 else "user-created",
    }


def _moment(term: Term, day: int) -> str:
    return iso_seconds(np.array([term.start + day * DAY + 36_000]))[0]
