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
_MOST_REVIEWS = 12
_REVIEW_TIME = 36_000


@dataclass(frozen=True)
class Card:
    """SM-2 state of a card; ease in hundredths, days since the period's start."""

    created: int
    interval: int = 0
    repetition: int = 0
    ease: int = 250
    last_review: int | None = None
    ratings: tuple[int, ...] = ()

    def reviewed(self, day: int, rating: int) -> "Card":
        """Return the card after one review."""
        is_lapse = rating == 0
        miss = 3 - rating
        return Card(
            created=self.created,
            interval=1 if is_lapse else _next_interval(self),
            repetition=0 if is_lapse else self.repetition + 1,
            ease=max(_LOWEST_EASE, self.ease + 10 - miss * (8 + 2 * miss)),
            last_review=day,
            ratings=(*self.ratings, rating),
        )


def flashcard_items(
    rng: np.random.Generator,
    catalogue: Catalogue,
    population: Population,
    students: range,
    term: Term,
    cutoff: int,
) -> Iterator[list[tuple[int, dict[str, object]]]]:
    """Yield the versions (epoch second, item) of decks and cards.

    About half of the students have a deck or two. A card has its last version before
    `cutoff` (epoch seconds) and every later one, a deck only one.
    """
    decks = rng.choice(3, len(students), p=(0.5, 0.35, 0.15))
    for student, deck_count in zip(students, decks.tolist(), strict=True):
        subjects = np.flatnonzero(population.enrolled[student])
        for _ in range(deck_count):
            leaves = [t for t in catalogue.leaf_topics if t.subject == rng.choice(subjects)]
            if leaves:
                topic = leaves[int(rng.integers(0, len(leaves)))]
                weeks = int(population.last_week[student])
                user_id = population.user_ids[student]
                yield from _deck(rng, user_id, catalogue, topic, term, weeks, cutoff)


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
    cutoff: int,
) -> Iterator[list[tuple[int, dict[str, object]]]]:
    histories = [
        _since(cutoff, _study(rng, active_weeks), term) for _ in range(int(rng.integers(6, 22)))
    ]
    ids = random_uuids(rng, len(histories) + 1)
    deck_id, name = ids.pop(), f"{COURSES[topic.subject].name}: {topic.name}"
    for number, (card_id, history) in enumerate(zip(ids, histories, strict=True), start=1):
        deck, about = (deck_id, name), (topic, number)
        yield [
            (_second(term, card), _card_item(user_id, card_id, card, deck, about, term))
            for card in history
        ]
    first = [history[0] for history in histories]
    made = min(_second(term, card) for card in first)
    yield [(made, _deck_item(user_id, catalogue, topic, deck_id, first, term))]


def _deck_item(
    user_id: str,
    catalogue: Catalogue,
    topic: Topic,
    deck_id: str,
    cards: list[Card],
    term: Term,
) -> dict[str, object]:
    name = f"{COURSES[topic.subject].name}: {topic.name}"
    reviewed = [card.last_review for card in cards if card.last_review is not None]
    return {
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


def _study(rng: np.random.Generator, active_weeks: int) -> list[Card]:
    """Return a card's states: as created, then after each review."""
    last_day = 7 * active_weeks - 1
    states = [Card(created=int(rng.integers(-60, max(1, last_day))))]
    quality = float(rng.beta(5, 2))
    day = states[0].created + int(rng.integers(0, 5))
    while day < last_day and len(states) <= _MOST_REVIEWS:
        rating = 0 if rng.random() > quality else int(rng.integers(1, 4))
        states.append(states[-1].reviewed(day, rating))
        day += states[-1].interval + int(rng.integers(0, 4))
    return states


def _since(cutoff: int, states: list[Card], term: Term) -> list[Card]:
    """Return the last state before the cutoff, if any, and all later ones."""
    before = sum(_second(term, card) < cutoff for card in states)
    return states[max(0, before - 1) :]


def _second(term: Term, card: Card) -> int:
    """Return when a state was written, in epoch seconds."""
    return _at(term, card.created if card.last_review is None else card.last_review)


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
    return iso_seconds(np.array([_at(term, day)]))[0]


def _at(term: Term, day: int) -> int:
    return term.start + day * DAY + _REVIEW_TIME
