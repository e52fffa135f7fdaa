"""The simulated catalogue: topic trees, questions with true parameters, tests, lessons.

Here: drawing a catalogue and its parameters as arrays. Not here: its rows for Postgres
(`catalogue_rows`) and the answers to its questions (`attempt_draws`).
"""

import uuid
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mavprep_analytics.campus.curriculum import COURSES, Course, TopicTree

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

BANDS = ("easy", "medium", "hard")
OPTIONS = ("A", "B", "C", "D")
MAX_TEST_QUESTIONS = 50
_BAND_SHARES = (0.35, 0.45, 0.20)
_BAND_DIFFICULTY = (-1.1, 0.0, 1.1)
_TESTS_PER_COURSE = 14


@dataclass(frozen=True)
class Topic:
    """A node of a subject's tree; `leaf` is its column in ability arrays, -1 for inner nodes."""

    id: str
    subject: int
    parent: int
    name: str
    depth: int
    order: int
    leaf: int
    leaves: tuple[int, ...]


@dataclass(frozen=True)
class Questions:
    """True parameters, one element per question; logits for difficulty.

    Attributes:
        leaf: index of the leaf topic.
        band: 0 easy, 1 medium, 2 hard.
        difficulty, discrimination, guessing: of the three-parameter logistic model.
        key: option that the catalogue calls correct.
        answer: option that is correct; differs from `key` in planted wrong-key questions.
        lures: cumulative share of each option among wrong answers.
        has_two_options: true/false questions.
        is_active: whether the catalogue offers it.
        has_dead_option: planted: one distractor that nearly nobody picks.
    """

    ids: list[str]
    leaf: Ints
    band: Ints
    difficulty: Floats
    discrimination: Floats
    guessing: Floats
    key: Ints
    answer: Ints
    lures: Floats
    has_two_options: Flags
    is_active: Flags
    has_dead_option: Flags


@dataclass(frozen=True)
class Tests:
    """Test templates; `questions` is padded with -1 to 50 columns."""

    ids: list[str]
    names: list[str]
    subject: Ints
    questions: Ints
    of_subject: list[Ints]


@dataclass(frozen=True)
class Catalogue:
    """Everything that is taught; identifiers depend on the seed alone."""

    namespace: uuid.UUID
    subject_ids: list[str]
    topics: list[Topic]
    leaf_topics: list[Topic]
    questions: Questions
    tests: Tests


def draw_catalogue(seed: int, questions_per_leaf: int = 40) -> Catalogue:
    """Draw the catalogue of a seed: about 50 leaf topics and 2,000 questions."""
    rng = np.random.default_rng([seed, 0])
    namespace = uuid.uuid5(uuid.NAMESPACE_URL, f"mavprep-campus:{seed}")
    topics = _topics(namespace)
    leaf_topics = [topic for topic in topics if topic.leaf >= 0]
    questions = _questions(rng, namespace, len(leaf_topics), questions_per_leaf)
    tests = _tests(rng, namespace, topics, questions)
    subject_ids = [str(uuid.uuid5(namespace, f"subject:{course.code}")) for course in COURSES]
    return Catalogue(namespace, subject_ids, topics, leaf_topics, questions, tests)


def chance_correct(questions: Questions, index: Any, ability: Floats) -> Floats:
    """Return the chance of choosing the right option (3PL), element by element.

    Args:
        questions: the parameters.
        index: which questions.
        ability: in logits, aligned with `index`.
    """
    slope = questions.discrimination[index] * (ability - questions.difficulty[index])
    guess = questions.guessing[index]
    chance: Floats = guess + (1 - guess) / (1 + np.exp(-slope))
    return chance


def _topics(namespace: uuid.UUID) -> list[Topic]:
    topics: list[Topic] = []
    leaf_count = 0

    def walk(course: Course, subject: int, tree: TopicTree, parent: int, path: str) -> list[int]:
        nonlocal leaf_count
        found: list[int] = []
        for order, (name, children) in enumerate(tree.items(), start=1):
            place = len(topics)
            own_path = f"{path}/{name}"
            topic_id = str(uuid.uuid5(namespace, f"topic:{own_path}"))
            depth = own_path.count("/")
            leaf = -1 if children else leaf_count
            leaf_count += not children
            topics.append(Topic(topic_id, subject, parent, name, depth, order, leaf, ()))
            below = walk(course, subject, children, place, own_path) if children else [leaf]
            topics[place] = Topic(topic_id, subject, parent, name, depth, order, leaf, tuple(below))
            found += below
        return found

    for subject, course in enumerate(COURSES):
        walk(course, subject, course.topics, -1, course.code)
    return topics


def _questions(
    rng: np.random.Generator, namespace: uuid.UUID, leaves: int, per_leaf: int
) -> Questions:
    count = leaves * per_leaf
    band = rng.choice(3, count, p=_BAND_SHARES)
    two_options = rng.random(count) < 0.12
    answer = np.where(two_options, rng.integers(0, 2, count), rng.integers(0, 4, count))
    has_dead_option = ~two_options & (rng.random(count) < 0.01)
    has_wrong_key = ~two_options & ~has_dead_option & (rng.random(count) < 0.006)
    return Questions(
        ids=[str(uuid.uuid5(namespace, f"question:{number}")) for number in range(count)],
        leaf=np.repeat(np.arange(leaves), per_leaf),
        band=band,
        difficulty=np.take(_BAND_DIFFICULTY, band) + rng.normal(0, 0.5, count),
        discrimination=np.exp(rng.normal(0.1, 0.2, count)),
        guessing=np.where(two_options, 0.4, rng.uniform(0.05, 0.2, count)),
        key=np.where(has_wrong_key, (answer + 1) % 4, answer),
        answer=answer,
        lures=_lures(rng, answer, two_options, has_dead_option),
        has_two_options=two_options,
        is_active=rng.random(count) >= 0.01,
        has_dead_option=has_dead_option,
    )


def _lures(
    rng: np.random.Generator, answer: Ints, two_options: Flags, has_dead_option: Flags
) -> Floats:
    count = len(answer)
    weights = rng.dirichlet((6.0, 6.0, 6.0, 6.0), count)
    weights[has_dead_option, (answer[has_dead_option] + 2) % 4] = 0.002
    weights[two_options, 2:] = 0
    weights[np.arange(count), answer] = 0
    cumulative: Floats = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
    return cumulative


def _tests(
    rng: np.random.Generator, namespace: uuid.UUID, topics: list[Topic], questions: Questions
) -> Tests:
    ids, names, subjects, rows = [], [], [], []
    for subject, course in enumerate(COURSES):
        roots = [topic for topic in topics if topic.subject == subject and topic.parent < 0]
        everything = tuple(leaf for topic in roots for leaf in topic.leaves)
        for number in range(_TESTS_PER_COURSE):
            is_broad = number % 3 == 0
            root = roots[number % len(roots)]
            leaves = everything if is_broad else root.leaves
            name = f"Midterm {number // 3 + 1}" if is_broad else f"{root.name} {number + 1}"
            ids.append(str(uuid.uuid5(namespace, f"test:{course.code}:{number}")))
            names.append(f"{course.name}: {name}")
            subjects.append(subject)
            rows.append(_pick_questions(rng, questions, leaves, is_broad))
    subject_of = np.array(subjects)
    of_subject = [np.flatnonzero(subject_of == subject) for subject in range(len(COURSES))]
    return Tests(ids, names, subject_of, np.array(rows), of_subject)


def _pick_questions(
    rng: np.random.Generator, questions: Questions, leaves: tuple[int, ...], is_broad: bool
) -> Ints:
    pool = np.flatnonzero(np.isin(questions.leaf, leaves) & questions.is_active)
    size = min(len(pool), int(rng.integers(35, 51) if is_broad else rng.integers(20, 36)))
    padded = np.full(MAX_TEST_QUESTIONS, -1)
    padded[:size] = rng.choice(pool, size, replace=False)
    return padded
