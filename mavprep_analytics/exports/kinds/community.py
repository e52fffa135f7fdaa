"""POST and COMMENT items."""

from typing import Any

import pyarrow.compute as pc
from msgspec import UNSET

from mavprep_analytics.exports.attributes import (
    NO_ID,
    NO_TEXT,
    Count,
    Flag,
    Ignored,
    OptionalText,
    Text,
)
from mavprep_analytics.exports.batches import Batch
from mavprep_analytics.exports.kinds.base import Item


class Post(Item, rename="camel"):
    """A community post, as one of its copies."""

    post_id: Text
    user_id: Text
    likes: Count
    is_reported: Flag
    subject_id: OptionalText = NO_TEXT
    subject_name: OptionalText = NO_TEXT
    created: OptionalText = NO_TEXT
    title: Ignored = UNSET
    content: Ignored = UNSET
    content_type: Ignored = UNSET
    user_name: Ignored = UNSET
    user_avatar: Ignored = UNSET
    user_reputation: Ignored = UNSET
    topic_id: OptionalText = NO_TEXT
    topic_name: Ignored = UNSET
    tags: Ignored = UNSET
    views: Ignored = UNSET
    comment_count: Ignored = UNSET
    is_pinned: Ignored = UNSET
    is_answered: Ignored = UNSET
    is_closed: Ignored = UNSET
    updated: Ignored = UNSET
    last_activity_time: Ignored = UNSET


def _require_parent(batch: Batch) -> None:
    """Refuse a copy whose subject or topic is not that of its partition key."""
    for kind, name in (("COMMUNITY", "subject_id"), ("TOPIC", "topic_id")):
        named = zip(
            *(c.to_pylist() for c in (batch.part_text(0), batch.part_text(1), batch.texts(name))),
            strict=True,
        )
        is_other = [
            parent == kind and held is not None and held.strip().lower() != owner.strip().lower()
            for parent, owner, held in named
        ]
        batch.refuse(is_other, "key_mismatch", "subjectId" if name == "subject_id" else "topicId")


def post_columns(batch: Batch) -> tuple[list[Any], ...]:
    """Return the columns of core_posts."""
    batch.require_id("post_id", 3)
    _require_parent(batch)
    return (
        [
            *(batch.part_text(place) for place in range(4)),
            batch.texts("user_id"),
            batch.texts("subject_id"),
            batch.texts("subject_name"),
            batch.whole("likes"),
            batch.flag("is_reported"),
            _created(batch),
        ],
    )


class Comment(Item, rename="camel"):
    """A comment on a post."""

    comment_id: Text
    user_id: Text
    likes: Count
    is_answer: Flag
    is_reported: Flag
    post_id: Text = NO_ID
    created: OptionalText = NO_TEXT
    content: Ignored = UNSET
    user_name: Ignored = UNSET
    user_avatar: Ignored = UNSET
    user_reputation: Ignored = UNSET
    user_badges: Ignored = UNSET
    is_edited: Ignored = UNSET
    updated: Ignored = UNSET


def comment_columns(batch: Batch) -> tuple[list[Any], ...]:
    """Return the columns of core_comments."""
    batch.require_id("comment_id", 2)
    batch.require_id("post_id", 0)
    return (
        [
            *(batch.part_text(place) for place in range(3)),
            batch.texts("user_id"),
            batch.whole("likes"),
            batch.flag("is_answer"),
            batch.flag("is_reported"),
            _created(batch),
        ],
    )


def _created(batch: Batch) -> Any:
    batch.refuse_future(batch.placed.at, "SK")
    created = batch.instants("created")
    batch.refuse_future(created, "created")
    return pc.coalesce(created, batch.placed.at)
