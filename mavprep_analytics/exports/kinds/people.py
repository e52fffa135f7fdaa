"""PROFILE, SETTINGS and REPUTATION items."""

from typing import Any

import pyarrow as pa
from msgspec import UNSET, Struct

from mavprep_analytics.exports.attributes import (
    NO_COUNT,
    NO_ID,
    NO_LIST,
    NO_MAP,
    NO_TEXT,
    NOT_SET,
    Count,
    Flag,
    Ignored,
    Map,
    OptionalCount,
    OptionalList,
    OptionalMap,
    OptionalText,
    Text,
    Whole,
)
from mavprep_analytics.exports.batches import Batch, ItemBatch
from mavprep_analytics.exports.columns import nested
from mavprep_analytics.exports.kinds.base import Item, optional_day, optional_text, required_day
from mavprep_analytics.exports.nesting import Row
from mavprep_analytics.tables import core

_REPUTATIONS = core.core_reputations.arrow_schema


class Profile(Item, rename="camel"):
    """A student's profile."""

    user_id: Text
    email_verified: Flag
    email: OptionalText = NO_TEXT
    name: OptionalText = NO_TEXT
    university: OptionalText = NO_TEXT
    timezone: OptionalText = NO_TEXT
    created: OptionalText = NO_TEXT
    major: Ignored = UNSET
    graduation_year: Ignored = UNSET
    avatar_url: Ignored = UNSET
    last_login: Ignored = UNSET
    onboarding_completed: Ignored = UNSET


def profile_columns(batch: Batch) -> tuple[list[Any], ...]:
    """Return the columns of core_profiles and core_identities."""
    batch.require_id("user_id", 0)
    user_id = batch.part_text(0)
    profile = [
        user_id,
        batch.texts("university"),
        batch.texts("timezone"),
        batch.flag("email_verified"),
        batch.instants("created"),
    ]
    return profile, [user_id, batch.texts("email"), batch.texts("name")]


class Notifications(Struct, forbid_unknown_fields=True, rename="camel", frozen=True):
    """What a student wants to be told."""

    email: Flag = NOT_SET
    weekly_report: Flag = NOT_SET
    push: Ignored = UNSET
    study_reminders: Ignored = UNSET
    community_updates: Ignored = UNSET


class Preferences(Struct, forbid_unknown_fields=True, rename="camel", frozen=True):
    """How a student likes the app."""

    language: OptionalText = NO_TEXT
    theme: Ignored = UNSET
    difficulty_preference: Ignored = UNSET
    study_goal_hours_per_day: Ignored = UNSET


class Privacy(Struct, forbid_unknown_fields=True, rename="camel", frozen=True):
    """What others may see."""

    profile_visible: Flag = NOT_SET
    share_progress: Flag = NOT_SET
    anonymous_community: Flag = NOT_SET


class Settings(Item, rename="camel"):
    """A student's settings; every missing flag is false."""

    user_id: Text = NO_ID
    notifications: Map[Notifications] = Map(Notifications())
    preferences: Map[Preferences] = Map(Preferences())
    privacy: Map[Privacy] = Map(Privacy())


def settings_columns(batch: ItemBatch) -> tuple[list[Any], ...]:
    """Return the columns of core_settings."""
    batch.require_id("user_id", 0)
    languages = [preferences.M.language for preferences in batch.values("preferences")]
    return (
        [
            batch.part_text(0),
            batch.flag("notifications.M.email"),
            batch.flag("notifications.M.weekly_report"),
            batch.flag("privacy.M.profile_visible"),
            batch.flag("privacy.M.share_progress"),
            batch.flag("privacy.M.anonymous_community"),
            pa.array(batch.each(_language, languages), pa.string()),
        ],
    )


def _language(attribute: OptionalText) -> str | None:
    return optional_text(attribute, "preferences.language")


class Earned(Struct, forbid_unknown_fields=True, rename="camel"):
    """One entry of reputationHistory."""

    date: Text
    change: Whole
    reason: OptionalText = NO_TEXT


class Badge(Struct, forbid_unknown_fields=True, rename="camel"):
    """One badge."""

    id: Text
    earned_date: OptionalText = NO_TEXT
    name: Ignored = UNSET
    description: Ignored = UNSET


class Reputation(Item, rename="camel"):
    """A student's reputation, and the ranks that were last written to it."""

    reputation: Whole
    reputation_history: OptionalList[Map[Earned]] = NO_LIST
    badges: OptionalList[Map[Badge]] = NO_LIST
    global_rank: OptionalCount = NO_COUNT
    university_rank: OptionalCount = NO_COUNT
    subject_ranks: OptionalMap[dict[str, Count]] = NO_MAP
    ranks_as_of: OptionalText = NO_TEXT
    user_id: Text = NO_ID
    posts_count: Ignored = UNSET
    answers_count: Ignored = UNSET
    accepted_answers_count: Ignored = UNSET
    helpful_votes_received: Ignored = UNSET


def reputation_columns(batch: Batch) -> tuple[list[Any], ...]:
    """Return the columns of core_reputations."""
    batch.require_id("user_id", 0)
    ranks, history, badges = (
        _REPUTATIONS.field(n).type for n in ("subject_ranks", "history", "badges")
    )
    return (
        [
            batch.part_text(0),
            batch.whole("reputation"),
            pa.array(batch.optional("global_rank", "N"), pa.int64()),
            pa.array(batch.optional("university_rank", "N"), pa.int64()),
            nested(ranks, batch.each(_ranks, batch.optional("subject_ranks", "M"))),
            batch.texts("ranks_as_of"),
            nested(history, batch.each(_history, batch.optional("reputation_history", "L"))),
            nested(badges, batch.each(_badges, batch.optional("badges", "L"))),
        ],
    )


def _ranks(ranks: dict[str, Count]) -> list[Row]:
    return sorted((subject, rank.N) for subject, rank in ranks.items())


def _history(entries: list[Map[Earned]]) -> list[Row]:
    return [
        (
            required_day(entry.M.date, "reputationHistory[].date"),
            entry.M.change.N,
            optional_text(entry.M.reason, "reputationHistory[].reason"),
        )
        for entry in entries
    ]


def _badges(badges: list[Map[Badge]]) -> list[Row]:
    return [
        (badge.M.id.S, optional_day(badge.M.earned_date, "badges[].earnedDate")) for badge in badges
    ]
