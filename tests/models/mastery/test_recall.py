"""Recall of flashcards: which topic a card is of, what is due, FSRS where it can be used and SM-2 elsewhere."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import fsrs
import pytest
from lake_builders import Row, make_lake, rows_in, uuid_of

from mavprep_analytics.engine import DuckDBEngine, run_parameters
from mavprep_analytics.mastery import build_recall

DAY = 86_400_000_000
PARAMETERS = run_parameters(date(2026, 3, 4), "UTC")
SUNDAY = int(PARAMETERS["reading_day"])
MATHS, PHYSICS = uuid_of("maths"), uuid_of("physics")
LIMITS, MATHS_ENERGY, PHYSICS_ENERGY = uuid_of("limits"), uuid_of("m energy"), uuid_of("p energy")


def recalls(folder: Path, cards: list[Row], **tables: list[Row]) -> dict[tuple[str, str], Row]:
    topics = [(LIMITS, MATHS, "limits"), (MATHS_ENERGY, MATHS, "energy")]
    topics += [(PHYSICS_ENERGY, PHYSICS, "energy")]
    rows: dict[str, list[Row]] = {
        "core_profiles": [{"user_id": "ada"}],
        "core_decks": [
            {"user_id": "ada", "deck_id": "p", "subject_ref": PHYSICS.upper()},
            {"user_id": "ada", "deck_id": "m", "subject_ref": " MA-1 "},
        ],
        "catalogue_subjects": [
            {"subject_id": MATHS, "code": "ma-1", "name": "Maths"},
            {"subject_id": PHYSICS, "code": "ph-1", "name": "Physics"},
        ],
        "catalogue_topics": [
            {"topic_id": t, "subject_id": s, "name": slug, "slug": slug} for t, s, slug in topics
        ],
        "core_flashcards": cards,
        **tables,
    }
    lake = make_lake(folder, rows)
    build_recall(lake, DuckDBEngine(), PARAMETERS)
    return {(r["user_id"], r["topic_id"]): r for r in rows_in(lake, "topic_recall")}


def card(number: int, *tags: str, days: float | None = None, **more: object) -> Row:
    reviewed = None if days is None else round((SUNDAY - days) * DAY)
    return {
        "user_id": "ada",
        "card_id": str(number),
        "tags": list(tags),
        "last_reviewed_at_micros": reviewed,
        **more,
    }


def test_tags_name_topics_of_the_decks_subject_or_one_topic_alone(tmp_path: Path) -> None:
    cards = [
        card(1, "Energy", deck_id="p"),
        card(2, "ENERGY!", "limits", deck_id="m"),
        card(3, "energy"),
        card(4, "Limits", "limits", "unheard of", deck_id="p"),
    ]
    found = recalls(tmp_path, cards)
    assert {key: row["cards"] for key, row in found.items()} == {
        ("ada", PHYSICS_ENERGY): 1,
        ("ada", LIMITS): 2,
    }


def test_a_deck_names_its_subject_by_id_else_by_code_and_never_by_name(tmp_path: Path) -> None:
    """A third subject has the id of physics for its code, the code of maths for its name, and a topic `energy`."""
    sly = uuid_of("sly")
    subjects = [(MATHS, "ma-1", "Maths"), (PHYSICS, "ph-1", "Physics"), (sly, PHYSICS, "MA-1")]
    tables: dict[str, list[Row]] = {
        "catalogue_subjects": [
            {"subject_id": subject, "code": code, "name": name} for subject, code, name in subjects
        ],
        "catalogue_topics": [
            {"topic_id": uuid_of(f"{subject} energy"), "subject_id": subject, "slug": "energy"}
            for subject, _, _ in subjects
        ],
    }
    cards = [card(1, "energy", deck_id="p"), card(2, "energy", deck_id="m")]
    found = recalls(tmp_path, cards, **tables)
    assert {topic for _, topic in found} == {uuid_of(f"{s} energy") for s in (MATHS, PHYSICS)}


def test_a_trailing_mark_makes_another_slug_and_a_blank_run_one_dash(tmp_path: Path) -> None:
    topics = [{"topic_id": LIMITS, "subject_id": MATHS, "name": "A b", "slug": "a-b"}]
    found = recalls(tmp_path, [card(1, "A \t_-\u2013 B"), card(2, "a b.")], catalogue_topics=topics)
    assert [row["cards"] for row in found.values()] == [1]


def test_sm2_cards_forget_a_tenth_by_the_end_of_their_interval(tmp_path: Path) -> None:
    cards = [
        card(1, "limits", days=10, interval_days=Decimal(10), review_count=4),
        card(2, "limits", days=0, interval_days=Decimal(10), review_count=4),
    ]
    assert recalls(tmp_path, cards)["ada", LIMITS]["recall"] == Decimal("0.9500")


@pytest.mark.parametrize(
    ("days", "interval", "reviews", "recall"),
    [
        (2, 0, 3, "0.8100"),
        (2, 1, 0, "0.8100"),
        (-1, 1, 3, "1.0000"),
        (5, 1, 3, "0.5905"),
        (9, 5, 3, "0.8273"),
    ],
    ids=["under a day", "not counted", "of tomorrow", "rounded", "in millionths"],
)
def test_recall_is_nine_tenths_to_the_intervals_since_the_last_review(
    tmp_path: Path, days: int, interval: int, reviews: int, recall: str
) -> None:
    of = card(1, "limits", days=days, interval_days=Decimal(interval), review_count=reviews)
    assert str(recalls(tmp_path, [of])["ada", LIMITS]["recall"]) == recall


def test_a_card_never_reviewed_does_not_lower_the_recall_of_others(tmp_path: Path) -> None:
    cards = [card(1, "limits", days=2, review_count=3), card(2, "limits")]
    row = recalls(tmp_path, cards)["ada", LIMITS]
    assert (row["cards"], row["recall"]) == (2, Decimal("0.8100"))


def test_a_card_reviewed_once_is_read_by_fsrs(tmp_path: Path) -> None:
    scheduler = fsrs.Scheduler(enable_fuzzing=False)
    for_good, for_again = scheduler.parameters[2], scheduler.parameters[0]
    decay = -scheduler.parameters[20]
    factor = 0.9 ** (1 / decay) - 1
    wanted = sum((1 + factor * 7 / stability) ** decay for stability in (for_good, for_again)) / 2
    cards = [
        card(1, "limits", days=7, interval_days=Decimal(1), review_count=1, correct_count=1),
        card(2, "limits", days=7, interval_days=Decimal(1), review_count=1, incorrect_count=1),
    ]
    found = recalls(tmp_path, cards)["ada", LIMITS]["recall"]
    assert abs(float(found) - wanted) < 0.0001


def test_cards_never_reviewed_count_but_have_no_recall(tmp_path: Path) -> None:
    row = recalls(tmp_path, [card(1, "limits")])["ada", LIMITS]
    assert (row["cards"], row["due"], row["recall"]) == (1, 0, None)


def test_due_is_what_comes_up_before_monday_is_over(tmp_path: Path) -> None:
    tuesday = (SUNDAY + 2) * DAY
    cards = [
        card(1, "limits", days=1, next_review_at_micros=tuesday - 1),
        card(2, "limits", days=1, next_review_at_micros=tuesday),
        card(3, "limits", days=1, next_review_at_micros=0),
    ]
    assert recalls(tmp_path, cards)["ada", LIMITS]["due"] == 2


def test_students_without_profile_have_no_recall(tmp_path: Path) -> None:
    assert recalls(tmp_path, [card(1, "limits")], core_profiles=[]) == {}
