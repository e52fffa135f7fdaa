"""Recall: how likely students still know their flashcards. FSRS here, the rest in `sql/marts/topic_recall.sql`.

FSRS needs every review of a card with its time. MavPrep keeps the last review and two counts, which is the
whole history of a card that was reviewed once; there FSRS is used, by a table of what it says after so
many days. All other cards are read by SM-2's interval.
"""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import fsrs
import pyarrow as pa

from mavprep_analytics.engine import Built, Engine, build
from mavprep_analytics.engine.model import Parameter
from mavprep_analytics.lake import Lake
from mavprep_analytics.tables import TABLES

CURVE = "recall_curve"
DAYS = 3653
"""Ten years; of a card that rests longer SM-2's interval is asked."""
_REVIEWED_AT = datetime(2000, 1, 1, tzinfo=UTC)


def build_recall(lake: Lake, engine: Engine, parameters: Mapping[str, Parameter]) -> list[Built]:
    """Bring `recall_curve` and `topic_recall` up to date and commit them.

    Args:
        lake: holds the catalogue, `time_zone_offsets`, `core_flashcards`, `core_decks` and `core_profiles`.
        engine: what computes it.
        parameters: of `run_parameters`.

    Raises:
        InputMissing: the lake lacks one of those.
    """
    return [build_curve(lake), build("topic_recall", lake, engine, parameters)]


def build_curve(lake: Lake) -> Built:
    """Bring `recall_curve` up to date and commit it; it changes with FSRS's parameters alone."""
    start, base = time.perf_counter(), lake.head()
    inputs = {"fsrs parameters": str(fsrs.Scheduler().parameters), "days": str(DAYS)}
    current = base.tables.get(CURVE)
    if current is not None and dict(current.inputs) == inputs:
        return Built(CURVE, current.rows, True, current, time.perf_counter() - start)
    rows = pa.Table.from_pylist(list(recall_curve()), schema=TABLES[CURVE].arrow_schema)
    entry = lake.write(CURVE, rows.schema, rows.to_batches(), inputs)
    lake.commit({CURVE: entry}, base=base)
    return Built(CURVE, entry.rows, False, entry, time.perf_counter() - start)


def recall_curve() -> Iterator[dict[str, int | bool]]:
    """Yield what FSRS says of a card reviewed once: per outcome and whole day since, in millionths."""
    scheduler = fsrs.Scheduler(enable_fuzzing=False)
    for is_correct, rating in ((False, fsrs.Rating.Again), (True, fsrs.Rating.Good)):
        card, _ = scheduler.review_card(fsrs.Card(card_id=1), rating, _REVIEWED_AT)
        for days in range(DAYS):
            then = _REVIEWED_AT + timedelta(days=days)
            recall = scheduler.get_card_retrievability(card, then)
            yield {
                "is_correct": is_correct,
                "days": days,
                "recall_millionths": int(recall * 1_000_000 + 0.5),
            }
