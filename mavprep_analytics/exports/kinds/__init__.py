"""The item kinds: for each, its attributes as a typed struct, and its rows in the core tables.

A kind's `rows` takes the decoded item and its key, and returns one tuple per table in column order, without
the last column (`table_arn`). It raises `Invalid` for what types cannot say. No I/O.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mavprep_analytics.exports.kinds import activity, answers, attempts, community, people
from mavprep_analytics.tables import Table, core


@dataclass(frozen=True)
class Kind:
    """One item kind.

    Args:
        name: as in quarantine and drift reports.
        item: its struct.
        tables: the core tables it feeds.
        rows: one row per table.
        builders: columns that are built in a way of their own.
    """

    name: str
    item: type[Any]
    tables: tuple[Table, ...]
    rows: Callable[..., tuple[tuple[Any, ...], ...]]
    builders: Mapping[str, Callable[..., Any]] = field(default_factory=dict)


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "profile",
            people.Profile,
            (core.core_profiles, core.core_identities),
            people.profile_rows,
        ),
        Kind("settings", people.Settings, (core.core_settings,), people.settings_rows),
        Kind("reputation", people.Reputation, (core.core_reputations,), people.reputation_rows),
        Kind(
            "attempt",
            attempts.Attempt,
            (core.core_attempts,),
            attempts.attempt_rows,
            {"answers": answers.answers_column},
        ),
        Kind("daily_activity", activity.Daily, (core.core_daily_activities,), activity.daily_rows),
        Kind("flashcard", activity.Flashcard, (core.core_flashcards,), activity.flashcard_rows),
        Kind("deck", activity.Deck, (core.core_decks,), activity.deck_rows),
        Kind("study_plan", activity.Plan, (core.core_study_plans,), activity.plan_rows),
        Kind("post", community.Post, (core.core_posts,), community.post_rows),
        Kind("comment", community.Comment, (core.core_comments,), community.comment_rows),
    )
}
