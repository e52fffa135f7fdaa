"""Posts, comments and the reputation that comes of them.

Posts are drawn in blocks; what authors earn is counted in one small array each, so REPUTATION items
agree with the posts whatever the size of the campus.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mavprep_analytics.campus.catalogue import Catalogue, Ints, Topic
from mavprep_analytics.campus.curriculum import COURSES
from mavprep_analytics.campus.population import BATCH_STUDENTS, Population, random_uuids
from mavprep_analytics.campus.term_calendar import DAY, Term, iso_seconds

POSTS_PER_STUDENT_WEEK = 0.05
_COMMENTS_PER_POST = 2.5
_ANSWER_POINTS, _LIKE_POINTS = 15, 5


@dataclass
class Earnings:
    """What each student has earned in the community; reported items earn nothing."""

    posts: Ints
    comments: Ints
    accepted: Ints
    likes: Ints

    @classmethod
    def none(cls, students: int) -> "Earnings":
        """Return zeros."""
        return cls(*(np.zeros(students, dtype=np.int64) for _ in range(4)))

    def points(self) -> Ints:
        """Return reputation points earned in the period."""
        return _ANSWER_POINTS * self.accepted + _LIKE_POINTS * self.likes

    def credit(self, entry: "_Entry", is_answer: bool) -> None:
        """Book what one post or comment earned."""
        if not entry.is_reported:
            self.likes[entry.author] += entry.likes
            self.accepted[entry.author] += is_answer


@dataclass(frozen=True)
class Books:
    """Earnings before the nights and in all; the same where there are no nights."""

    before: Earnings
    total: Earnings
    cutoff: int

    def post(self, entry: "_Entry") -> None:
        """Book a post."""
        for earnings in self._open(entry):
            earnings.posts[entry.author] += 1
            earnings.credit(entry, is_answer=False)

    def comment(self, entry: "_Entry", is_answer: bool) -> None:
        """Book a comment."""
        for earnings in self._open(entry):
            earnings.comments[entry.author] += 1
            earnings.credit(entry, is_answer)

    def _open(self, entry: "_Entry") -> list[Earnings]:
        return [self.total, self.before] if entry.moment < self.cutoff else [self.total]


@dataclass(frozen=True)
class _Entry:
    author: int
    moment: int
    likes: int
    is_reported: bool


def community_items(
    rng: np.random.Generator,
    catalogue: Catalogue,
    population: Population,
    term: Term,
    books: "Books",
) -> Iterator[tuple[str, int, dict[str, object]]]:
    """Yield (`post` or `comment`, moment, item); about one post in five stands under two keys."""
    wanted = round(len(population) * term.weeks * POSTS_PER_STUDENT_WEEK)
    for start in range(0, wanted, BATCH_STUDENTS):
        count = min(BATCH_STUDENTS, wanted - start)
        posts = _entries(rng, population, np.full(count, term.start), term.end, term.end)
        comment_counts = rng.poisson(_COMMENTS_PER_POST, count)
        ids = random_uuids(rng, count)
        for post_id, post, comments in zip(ids, posts, comment_counts.tolist(), strict=True):
            subjects = np.flatnonzero(population.enrolled[post.author])
            subject = int(rng.choice(subjects))
            topics = [topic for topic in catalogue.leaf_topics if topic.subject == subject]
            topic = topics[int(rng.integers(0, len(topics)))]
            replies = _comments(rng, population, post_id, post, comments, term, books)
            early = [reply for moment, reply in replies if max(moment, post.moment) < books.cutoff]
            item = _post(population, catalogue, post_id, post, topic, early)
            books.post(post)
            yield "post", post.moment, item
            if rng.random() < 0.2:
                yield "post", post.moment, item | {"PK": f"TOPIC#{topic.id}"}
            yield from (("comment", moment, reply) for moment, reply in replies)


def _entries(
    rng: np.random.Generator, population: Population, earliest: Ints, within: int, end: int
) -> list[_Entry]:
    """Draw entries between `earliest` and `within` seconds later, but before `end`."""
    count = len(earliest)
    authors = rng.integers(0, len(population), count)
    latest = np.maximum(earliest + 1, np.minimum(earliest + within, end - 60))
    moments = np.minimum(rng.integers(earliest, latest), end - 1)
    likes = rng.geometric(0.35, count) - 1
    reported = rng.random(count) < 0.02
    columns = (authors.tolist(), moments.tolist(), likes.tolist(), reported.tolist())
    return [_Entry(*row) for row in zip(*columns, strict=True)]


def _comments(
    rng: np.random.Generator,
    population: Population,
    post_id: str,
    post: _Entry,
    count: int,
    term: Term,
    books: "Books",
) -> list[tuple[int, dict[str, object]]]:
    if not count:
        return []
    entries = _entries(rng, population, np.full(count, post.moment), 5 * DAY, term.end)
    answer = int(rng.integers(0, count)) if rng.random() < 0.5 else -1
    items = []
    for place, (comment_id, entry) in enumerate(
        zip(random_uuids(rng, count), entries, strict=True)
    ):
        is_answer = place == answer and entry.author != post.author
        books.comment(entry, is_answer)
        items.append((entry.moment, _comment(population, post_id, comment_id, entry, is_answer)))
    return items


def _comment(
    population: Population, post_id: str, comment_id: str, entry: _Entry, is_answer: bool
) -> dict[str, object]:
    moment = iso_seconds(np.array([entry.moment]))[0]
    return {
        "PK": f"POST#{post_id}",
        "SK": f"COMMENT#{moment}#{comment_id}",
        "commentId": comment_id,
        "postId": post_id,
        "content": "Draw it first, then name what is given and what is asked. \u2728",
        "userId": population.user_ids[entry.author],
        "userName": population.name(entry.author),
        "userAvatar": None,
        "userReputation": 0,
        "userBadges": ["helpful"] if is_answer else [],
        "likes": entry.likes,
        "isAnswer": is_answer,
        "isEdited": False,
        "isReported": entry.is_reported,
        "created": moment,
        "updated": None,
    }


def _post(
    population: Population,
    catalogue: Catalogue,
    post_id: str,
    post: _Entry,
    topic: Topic,
    replies: list[dict[str, object]],
) -> dict[str, object]:
    moment = iso_seconds(np.array([post.moment]))[0]
    times = [str(reply["created"]) for reply in replies]
    return {
        "PK": f"COMMUNITY#{catalogue.subject_ids[topic.subject]}",
        "SK": f"POST#{moment}#{post_id}",
        "postId": post_id,
        "title": f"Help with {topic.name}",
        "content": f"I am stuck in {topic.name}. How do you begin?",
        "contentType": "question",
        "userId": population.user_ids[post.author],
        "userName": population.name(post.author),
        "userAvatar": None,
        "userReputation": 0,
        "subjectId": catalogue.subject_ids[topic.subject],
        "subjectName": COURSES[topic.subject].name,
        "topicId": topic.id,
        "topicName": topic.name,
        "tags": ["help"],
        "views": 3 * post.likes + 7 * len(replies) + 1,
        "likes": post.likes,
        "commentCount": len(replies),
        "isPinned": False,
        "isAnswered": any(reply["isAnswer"] for reply in replies),
        "isClosed": False,
        "isReported": post.is_reported,
        "created": moment,
        "updated": moment,
        "lastActivityTime": max([moment, *times]),
    }
