"""POST and COMMENT items."""

from msgspec import UNSET, UnsetType

from mavprep_analytics.exports.attributes import Count, Flag, Ignored, OptionalText, Text
from mavprep_analytics.exports.kinds.base import (
    Horizon,
    Item,
    Row,
    optional_text,
    optional_timestamp,
    require_id,
)
from mavprep_analytics.exports.routing import Key


class Post(Item, rename="camel"):
    """A community post, as one of its copies."""

    post_id: Text
    user_id: Text
    likes: Count
    is_reported: Flag
    subject_id: OptionalText | UnsetType = UNSET
    subject_name: OptionalText | UnsetType = UNSET
    created: OptionalText | UnsetType = UNSET
    title: Ignored = UNSET
    content: Ignored = UNSET
    content_type: Ignored = UNSET
    user_name: Ignored = UNSET
    user_avatar: Ignored = UNSET
    user_reputation: Ignored = UNSET
    topic_id: Ignored = UNSET
    topic_name: Ignored = UNSET
    tags: Ignored = UNSET
    views: Ignored = UNSET
    comment_count: Ignored = UNSET
    is_pinned: Ignored = UNSET
    is_answered: Ignored = UNSET
    is_closed: Ignored = UNSET
    updated: Ignored = UNSET
    last_activity_time: Ignored = UNSET


def post_rows(item: Post, key: Key, horizon: Horizon) -> tuple[Row, ...]:
    """Return the row of core_posts."""
    require_id(item.post_id, key.parts[-1], "postId")
    return (
        (
            *key.parts,
            item.user_id.S,
            optional_text(item.subject_id, "subjectId"),
            optional_text(item.subject_name, "subjectName"),
            item.likes.N,
            item.is_reported.BOOL,
            _created(item.created, key, horizon),
        ),
    )


class Comment(Item, rename="camel"):
    """A comment on a post."""

    comment_id: Text
    user_id: Text
    likes: Count
    is_answer: Flag
    is_reported: Flag
    post_id: Text | UnsetType = UNSET
    created: OptionalText | UnsetType = UNSET
    content: Ignored = UNSET
    user_name: Ignored = UNSET
    user_avatar: Ignored = UNSET
    user_reputation: Ignored = UNSET
    user_badges: Ignored = UNSET
    is_edited: Ignored = UNSET
    updated: Ignored = UNSET


def comment_rows(item: Comment, key: Key, horizon: Horizon) -> tuple[Row, ...]:
    """Return the row of core_comments."""
    post_id, _, comment_id = key.parts
    require_id(item.comment_id, comment_id, "commentId")
    require_id(item.post_id, post_id, "postId")
    return (
        (
            *key.parts,
            item.user_id.S,
            item.likes.N,
            item.is_answer.BOOL,
            item.is_reported.BOOL,
            _created(item.created, key, horizon),
        ),
    )


def _created(attribute: OptionalText | UnsetType, key: Key, horizon: Horizon) -> int | None:
    horizon.check(key.at_micros, "SK")
    created = optional_timestamp(attribute, "created")
    if created is None:
        return key.at_micros
    horizon.check(created, "created")
    return created
