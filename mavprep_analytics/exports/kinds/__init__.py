"""The item kinds: for each, its attributes as a typed struct, and its rows in the core tables.

A kind's `columns` takes a batch of decoded items and returns, per table, its columns in order, without the
last one (`table_arn`). What types cannot say it notes in the batch. No I/O.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mavprep_analytics.exports.kinds import activity, attempts, community, people
from mavprep_analytics.tables import Table, core


@dataclass(frozen=True)
class Kind:
    """One item kind.

    Args:
        name: as in quarantine and drift reports.
        item: its struct.
        tables: the core tables it feeds.
        columns: makes the columns of each of them from a batch of items.
        is_regular: whether its items are many and alike, so that reading them together saves time.
    """

    name: str
    item: type[Any]
    tables: tuple[Table, ...]
    columns: Callable[[Any], tuple[list[Any], ...]]
    is_regular: bool = False


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "profile",
            people.Profile,
            (core.core_profiles, core.core_identities),
            people.profile_columns,
        ),
        Kind("settings", people.Settings, (core.core_settings,), people.settings_columns),
        Kind("reputation", people.Reputation, (core.core_reputations,), people.reputation_columns),
        Kind(
            "attempt",
            attempts.Attempt,
            (core.core_attempts,),
            attempts.attempt_columns,
            is_regular=True,
        ),
        Kind(
            "daily_activity",
            activity.Daily,
            (core.core_daily_activities,),
            activity.daily_columns,
            is_regular=True,
        ),
        Kind(
            "flashcard",
            activity.Flashcard,
            (core.core_flashcards,),
            activity.flashcard_columns,
            is_regular=True,
        ),
        Kind("deck", activity.Deck, (core.core_decks,), activity.deck_columns),
        Kind("study_plan", activity.Plan, (core.core_study_plans,), activity.plan_columns),
        Kind("post", community.Post, (core.core_posts,), community.post_columns),
        Kind("comment", community.Comment, (core.core_comments,), community.comment_columns),
    )
}
