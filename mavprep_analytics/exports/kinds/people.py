"""PROFILE, SETTINGS and REPUTATION items."""

from msgspec import UNSET, Struct, UnsetType

from mavprep_analytics.exports.attributes import (
    Count,
    Flag,
    Ignored,
    List,
    Map,
    OptionalText,
    Text,
    Whole,
)
from mavprep_analytics.exports.kinds.base import (
    Horizon,
    Item,
    Row,
    optional_day,
    optional_text,
    optional_timestamp,
    require_id,
)
from mavprep_analytics.exports.routing import Key, day


class Profile(Item, rename="camel"):
    """A student's profile."""

    user_id: Text
    email_verified: Flag
    email: OptionalText | UnsetType = UNSET
    name: OptionalText | UnsetType = UNSET
    university: OptionalText | UnsetType = UNSET
    timezone: OptionalText | UnsetType = UNSET
    created: OptionalText | UnsetType = UNSET
    major: Ignored = UNSET
    graduation_year: Ignored = UNSET
    avatar_url: Ignored = UNSET
    last_login: Ignored = UNSET
    onboarding_completed: Ignored = UNSET


def profile_rows(item: Profile, key: Key, _horizon: Horizon) -> tuple[Row, ...]:
    """Return the rows of core_profiles and core_identities."""
    (user_id,) = key.parts
    require_id(item.user_id, user_id, "userId")
    profile = (
        user_id,
        optional_text(item.university, "university"),
        optional_text(item.timezone, "timezone"),
        item.email_verified.BOOL,
        optional_timestamp(item.created, "created"),
    )
    return profile, (user_id, optional_text(item.email, "email"), optional_text(item.name, "name"))


class Notifications(Struct, forbid_unknown_fields=True, rename="camel"):
    """What a student wants to be told."""

    email: Flag | UnsetType = UNSET
    weekly_report: Flag | UnsetType = UNSET
    push: Ignored = UNSET
    study_reminders: Ignored = UNSET
    community_updates: Ignored = UNSET


class Preferences(Struct, forbid_unknown_fields=True, rename="camel"):
    """How a student likes the app."""

    language: OptionalText | UnsetType = UNSET
    theme: Ignored = UNSET
    difficulty_preference: Ignored = UNSET
    study_goal_hours_per_day: Ignored = UNSET


class Privacy(Struct, forbid_unknown_fields=True, rename="camel"):
    """What others may see."""

    profile_visible: Flag | UnsetType = UNSET
    share_progress: Flag | UnsetType = UNSET
    anonymous_community: Flag | UnsetType = UNSET


class Settings(Item, rename="camel"):
    """A student's settings; every missing flag is false."""

    notifications: Map[Notifications] | UnsetType = UNSET
    preferences: Map[Preferences] | UnsetType = UNSET
    privacy: Map[Privacy] | UnsetType = UNSET


def settings_rows(item: Settings, key: Key, _horizon: Horizon) -> tuple[Row, ...]:
    """Return the row of core_settings."""
    told = Notifications() if isinstance(item.notifications, UnsetType) else item.notifications.M
    seen = Privacy() if isinstance(item.privacy, UnsetType) else item.privacy.M
    likes = Preferences() if isinstance(item.preferences, UnsetType) else item.preferences.M
    flags = (
        told.email,
        told.weekly_report,
        seen.profile_visible,
        seen.share_progress,
        seen.anonymous_community,
    )
    language = optional_text(likes.language, "preferences.language")
    return ((key.parts[0], *(_is_set(flag) for flag in flags), language),)


def _is_set(flag: Flag | UnsetType) -> bool:
    return not isinstance(flag, UnsetType) and flag.BOOL


class Earned(Struct, forbid_unknown_fields=True, rename="camel"):
    """One entry of reputationHistory."""

    date: Text
    change: Whole
    reason: OptionalText | UnsetType = UNSET


class Badge(Struct, forbid_unknown_fields=True, rename="camel"):
    """One badge."""

    id: Text
    earned_date: OptionalText | UnsetType = UNSET
    name: Ignored = UNSET
    description: Ignored = UNSET


class Reputation(Item, rename="camel"):
    """A student's reputation, and the ranks that were last written to it."""

    reputation: Whole
    reputation_history: List[Map[Earned]] | UnsetType = UNSET
    badges: List[Map[Badge]] | UnsetType = UNSET
    global_rank: Count | UnsetType = UNSET
    university_rank: Count | UnsetType = UNSET
    subject_ranks: Map[dict[str, Count]] | UnsetType = UNSET
    ranks_as_of: OptionalText | UnsetType = UNSET
    user_id: Text | UnsetType = UNSET
    posts_count: Ignored = UNSET
    answers_count: Ignored = UNSET
    accepted_answers_count: Ignored = UNSET
    helpful_votes_received: Ignored = UNSET


def reputation_rows(item: Reputation, key: Key, _horizon: Horizon) -> tuple[Row, ...]:
    """Return the row of core_reputations."""
    require_id(item.user_id, key.parts[0], "userId")
    ranks, history, badges = item.subject_ranks, item.reputation_history, item.badges
    return (
        (
            key.parts[0],
            item.reputation.N,
            _rank(item.global_rank),
            _rank(item.university_rank),
            None
            if isinstance(ranks, UnsetType)
            else sorted((subject, rank.N) for subject, rank in ranks.M.items()),
            optional_text(item.ranks_as_of, "ranksAsOf"),
            None if isinstance(history, UnsetType) else [_earned(entry.M) for entry in history.L],
            None if isinstance(badges, UnsetType) else [_badge(badge.M) for badge in badges.L],
        ),
    )


def _rank(rank: Count | UnsetType) -> int | None:
    return None if isinstance(rank, UnsetType) else rank.N


def _earned(entry: Earned) -> Row:
    reason = optional_text(entry.reason, "reputationHistory[].reason")
    return day(entry.date.S, "reputationHistory[].date"), entry.change.N, reason


def _badge(badge: Badge) -> Row:
    return badge.id.S, optional_day(badge.earned_date, "badges[].earnedDate")
