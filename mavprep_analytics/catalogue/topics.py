"""The topic tree: its slugs and its closure. Pure; reading topics is done elsewhere."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mavprep_analytics.errors import DataRefused

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")


class TopicCycle(DataRefused):
    """Topics that are each other's ancestors."""


@dataclass(frozen=True)
class Topic:
    """One topic as the catalogue has it; parent is null directly below the subject."""

    id: str
    subject_id: str
    parent: str | None
    name: str
    order_index: int | None = None


@dataclass(frozen=True)
class Link:
    """One topic and one of its ancestors, itself included at distance 0."""

    topic_id: str
    ancestor_id: str
    distance: int
    ancestor_depth: int
    subject_id: str


def slug(name: str) -> str:
    """Return the name in lower case with every run of other characters than letters and digits as `-`."""
    return _NOT_ALPHANUMERIC.sub("-", name.lower())


def within_subjects(topics: Sequence[Topic]) -> list[Topic]:
    """Return the topics with parents of their own subject only.

    A parent that belongs to another subject, or is not there, is no parent: mastery of a topic is a
    reading within one subject, so such a topic stands directly below its own.
    """
    subject_of = {topic.id: topic.subject_id for topic in topics}
    return [
        topic
        if topic.parent is None or subject_of.get(topic.parent) == topic.subject_id
        else replace(topic, parent=None)
        for topic in topics
    ]


def closure(topics: Sequence[Topic]) -> list[Link]:
    """Return every (topic, ancestor) pair, ordered by both ids; any depth.

    Args:
        topics: with parents of their own subject only, see `within_subjects`.

    Raises:
        TopicCycle: naming the topics that go round.
    """
    by_id = {topic.id: topic for topic in topics}
    links = [link for topic in topics for link in _links(topic, by_id)]
    return sorted(links, key=lambda link: (link.topic_id, link.ancestor_id))


def _links(topic: Topic, by_id: Mapping[str, Topic]) -> Iterator[Link]:
    path = _path(topic, by_id)
    for distance, ancestor in enumerate(path):
        yield Link(topic.id, ancestor.id, distance, len(path) - distance, topic.subject_id)


def _path(topic: Topic, by_id: Mapping[str, Topic]) -> list[Topic]:
    """The topic, its parent and so on up to the one directly below the subject."""
    path = {topic.id: topic}
    while topic.parent is not None:
        topic = by_id[topic.parent]
        if topic.id in path:
            raise _cycle(list(path.values()), topic)
        path[topic.id] = topic
    return list(path.values())


def _cycle(path: list[Topic], again: Topic) -> TopicCycle:
    ring = path[path.index(again) :]
    named = " > ".join(f"{topic.name} ({topic.id})" for topic in [*ring, again])
    return TopicCycle(
        f"topics are each other's parents: {named}", "Correct topics.parent_topic_id of one of them"
    )
