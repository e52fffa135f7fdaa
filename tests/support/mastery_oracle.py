"""Mastery computed a second time, slowly, in plain Python from core and catalogue rows.

Shares nothing with the models, their constants neither: dictionaries, loops, recursion and float64. Weights are
2^((day - reading day) / half-life) as they stand, without whole numbers, so it differs from the models by
their rounding only; rates are kept in millionths, as is laid down.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
Rows = Mapping[str, list[Row]]
Node = tuple[str, str]
"""("root", ""), ("band", "easy"), ("subject", id) or ("topic", id)."""

_DAY = 86_400_000_000
_HALF_LIFE = 60
_STRENGTH_OF_ROOT, _STRENGTH_BELOW = 15.0, 30.0
_DEFAULTS = {"easy": 0.80, "medium": 0.65, "hard": 0.50, None: 0.65}
_PSEUDO_ANSWERS = (10, 20, 5)
_LEAST_RATE, _GREATEST_RATE = 0.02, 0.98
_QUANTILE, _VARIANCE_FACTOR = 1.2816, 2.0
_ROOT: Node = ("root", "")


@dataclass(frozen=True)
class Evidence:
    """So many answers of one student to one question (else in one topic) on one day."""

    user_id: str
    topic_id: str
    question_id: str | None
    day: int
    answers: int
    correct: int


@dataclass(frozen=True)
class Reading:
    """What the oracle says of one student and node."""

    mastery: float
    low: float
    high: float
    answers: int
    last_day: int


def level(mastery: Any, low: Any, high: Any) -> str:
    """Return the word for a published reading."""
    mastery, low, high = float(mastery), float(low), float(high)
    if round(high - low, 4) > 0.40:
        return "not_enough_data"
    if low >= 0.80:
        return "mastered"
    if mastery >= 0.70:
        return "proficient"
    return "developing" if mastery >= 0.50 else "starting"


@dataclass(frozen=True)
class Deviation:
    """Theta of one student and node, its variance, and the rate expected of the average student."""

    theta: float
    variance: float
    expected: float


class Oracle:
    """The rows of a lake, and everything that they say of mastery on any day."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.questions = {q["question_id"]: q for q in rows["catalogue_questions"]}
        self.topics = {t["topic_id"]: t for t in rows["catalogue_topics"]}
        self.evidence = [*self._first_answers(), *self._summed_up()]

    def readings(self, day: int) -> dict[tuple[str, Node], Reading]:
        """Return the reading of every student and node with evidence."""
        means = self.node_rates(day)
        return {
            (user, node): _reading(own, means.get(node), evidence)
            for (user, node), (own, evidence) in self.deviations(day).items()
        }

    def deviations(self, day: int) -> dict[tuple[str, Node], tuple[Deviation, list[Evidence]]]:
        """Return how far every student with evidence lies from the average one at every node with some of it."""
        rates, means = self.rates(day), self.node_rates(day)
        mine: dict[str, dict[Node, list[Evidence]]] = defaultdict(lambda: defaultdict(list))
        for one in self.evidence:
            if one.day <= day:
                for node in self.nodes(one):
                    mine[one.user_id][node].append(one)
        found = {}
        for user, nodes in mine.items():
            known: dict[Node, Deviation] = {}
            for node, evidence in nodes.items():
                own = self._deviation(node, nodes, rates, means, day, known)
                found[user, node] = own, evidence
        return found

    def rates(self, day: int) -> dict[Any, float]:
        """Return the rate of every catalogue question and of every topic in the week that ends on the day."""
        counts: dict[Any, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for one in self.evidence:
            if one.question_id is not None and one.day <= day - 7:
                for key in self._levels(one.question_id):
                    answers, correct = counts[key]
                    counts[key] = (answers + 1, correct + one.correct)
        found: dict[Any, float] = {}
        for topic in self.topics:
            found[topic] = _shrunk(counts, [topic], _DEFAULTS[None])
        for q, row in self.questions.items():
            default = _DEFAULTS[row["difficulty"]]
            found[q] = _shrunk(counts, self._levels(q), default)
        return found

    def _levels(self, question_id: str) -> list[Any]:
        topic, band = (self.questions[question_id][c] for c in ("topic_id", "difficulty"))
        return [topic, (topic, band), question_id]

    def _deviation(
        self,
        node: Node,
        nodes: Mapping[Node, list[Evidence]],
        rates: Mapping[Any, float],
        means: Mapping[Node, float],
        day: int,
        known: dict[Node, Deviation],
    ) -> Deviation:
        if node in known:
            return known[node]
        above, strength = Deviation(0.0, 0.0, 0.5), _STRENGTH_OF_ROOT
        if node != _ROOT:
            above = self._deviation(self._parent(node), nodes, rates, means, day, known)
            strength = _STRENGTH_BELOW
        weighted = [(2 ** ((e.day - day) / _HALF_LIFE), e) for e in nodes[node]]
        total = sum(w * e.answers for w, e in weighted)
        right = sum(w * e.correct for w, e in weighted)
        expected = (
            sum(w * e.answers * rates[e.question_id or e.topic_id] for w, e in weighted) / total
        )
        prior = _sigmoid(_logit(expected) + above.theta)
        alpha, beta = right + strength * prior, total - right + strength * (1 - prior)
        lean = (strength / (strength + total)) ** 2
        variance = 1 / alpha + 1 / beta + lean * above.variance
        known[node] = Deviation(math.log(alpha / beta) - _logit(expected), variance, expected)
        return known[node]

    def node_rates(self, day: int) -> dict[Node, float]:
        """Return the mean rate of the active questions of every node with some, in the week that ends on the day."""
        rates, found = self.rates(day), defaultdict(list)
        for q, row in self.questions.items():
            if row["is_active"]:
                for node in self.nodes(Evidence("", row["topic_id"], q, 0, 1, 1)):
                    found[node].append(rates[q])
        return {node: sum(values) / len(values) for node, values in found.items()}

    def nodes(self, one: Evidence) -> Iterator[Node]:
        """Yield the nodes that evidence counts for: its topic and all above, then its band."""
        node: Node = ("topic", one.topic_id)
        while node != _ROOT:
            yield node
            node = self._parent(node)
        yield _ROOT
        band = self.questions[one.question_id]["difficulty"] if one.question_id else None
        if band is not None:
            yield ("band", band)

    def _parent(self, node: Node) -> Node:
        kind, name = node
        if kind != "topic":
            return _ROOT
        row = self.topics[name]
        parent = row["parent_topic_id"]
        return ("topic", parent) if parent is not None else ("subject", row["subject_id"])

    def _eligible(self) -> Iterator[Row]:
        known = {p["user_id"] for p in self.rows["core_profiles"]}
        for a in self.rows["core_attempts"]:
            if a["is_completed"] and a["is_graded"] and a["user_id"] in known:
                yield a

    def _first_answers(self) -> Iterator[Evidence]:
        found: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for a in self._eligible():
            for answer in a["answers"] or []:
                question = answer["question_ref"].lower()
                if question in self.questions:
                    attempt_id = a["attempt_id"] or f"{a['test_id']}#{a['attempt_key']}"
                    order = (_at(a), attempt_id, answer["position"], a["test_id"], a["attempt_key"])
                    found[a["user_id"], question].append((order, answer["is_correct"]))
        for (user, question), answers in found.items():
            order, correct = min(answers)
            topic = self.questions[question]["topic_id"]
            yield Evidence(user, topic, question, order[0] // _DAY, 1, int(correct))

    def _summed_up(self) -> Iterator[Evidence]:
        for a in self._eligible():
            for entry in [] if a["answers"] else a["topic_performance"] or []:
                topic = self._topic(self._subject(a), entry["topic_ref"])
                total, correct = entry["total"], min(entry["correct"], entry["total"])
                if topic is not None and total > 0:
                    yield Evidence(a["user_id"], topic, None, _at(a) // _DAY, total, correct)

    def _subject(self, attempt: Row) -> str | None:
        ref, name = attempt["subject_ref"].lower(), (attempt["subject_name"] or "").strip().lower()
        subjects = self.rows["catalogue_subjects"]
        for matches in (
            [s for s in subjects if s["subject_id"] == ref],
            [s for s in subjects if s["code"].strip().lower() == ref.strip()],
            [s for s in subjects if s["name"].strip().lower() == name],
        ):
            if len(matches) == 1:
                return str(matches[0]["subject_id"])
        return None

    def _topic(self, subject: str | None, ref: str) -> str | None:
        own = [t for t in self.topics.values() if t["subject_id"] == subject]
        slug = re.sub(r"[\W_]+", "-", ref.lower())
        for matches in (
            [t for t in own if t["topic_id"] == ref.lower()],
            [t for t in own if t["slug"] == slug],
        ):
            if len(matches) == 1:
                return str(matches[0]["topic_id"])
        return None


def _shrunk(counts: Mapping[Any, tuple[int, int]], levels: list[Any], rate: float) -> float:
    for level, weight in zip(levels, _PSEUDO_ANSWERS, strict=False):
        answers, correct = counts.get(level, (0, 0))
        rate = (correct + weight * rate) / (answers + weight)
    return math.floor(min(max(rate, _LEAST_RATE), _GREATEST_RATE) * 1e6 + 0.5) / 1e6


def _reading(own: Deviation, mean: float | None, evidence: list[Evidence]) -> Reading:
    centre = _logit(mean if mean is not None else own.expected)
    half = _QUANTILE * math.sqrt(_VARIANCE_FACTOR * own.variance)
    return Reading(
        _sigmoid(centre + own.theta),
        _sigmoid(centre + own.theta - half),
        _sigmoid(centre + own.theta + half),
        sum(e.answers for e in evidence),
        max(e.day for e in evidence),
    )


def _at(attempt: Row) -> int:
    ended = attempt["ended_at_micros"]
    return int(ended if ended is not None else attempt["started_at_micros"])


def _logit(p: float) -> float:
    return math.log(p / (1 - p))


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))
