"""Question, option and test statistics computed a second time, slowly, in plain Python.

Works on the full mark matrices with the textbook formulas (covariances of lists, not sums of squares) and
shares nothing with the models.
"""

import math
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from oracle_rounding import rounded

Row = dict[str, Any]
_Z = 1.96


@dataclass
class Sitting:
    """A student's first attempt at a test: question -> (correct, option, seconds)."""

    user_id: str
    marks: dict[str, tuple[int, str | None, float | None]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(mark[0] for mark in self.marks.values())


@dataclass(frozen=True)
class Item:
    """One question in one test."""

    n: int
    rest: float | None
    total: float | None
    d27: float | None
    options: Mapping[str, float | None]
    recorded: int


class QuestionOracle:
    """The rows of a lake, and the statistics that follow."""

    def __init__(self, rows: Mapping[str, list[Row]]) -> None:
        self.rows = rows
        self.questions = {q["question_id"] for q in rows["catalogue_questions"]}
        self.options: dict[str, dict[str, bool]] = defaultdict(dict)
        for option in rows["catalogue_question_options"]:
            self.options[option["question_id"]][option["option_label"]] = option["is_key"]
        self.tests = self._tests()
        self.items: dict[str, list[Item]] = defaultdict(list)
        for sittings in self.tests.values():
            for question in sorted({q for s in sittings for q in s.marks}):
                self.items[question].append(_item(question, sittings))

    def _eligible(self) -> list[Row]:
        return [a for a in self.rows["core_attempts"] if a["is_completed"] and a["is_graded"]]

    def _tests(self) -> dict[str, list[Sitting]]:
        firsts: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for a in self._eligible():
            at = (
                a["ended_at_micros"] if a["ended_at_micros"] is not None else a["started_at_micros"]
            )
            attempt_id = a["attempt_id"] or f"{a['test_id']}#{a['attempt_key']}"
            firsts[a["test_id"], a["user_id"]].append((at, attempt_id, a["attempt_key"], a))
        tests: dict[str, list[Sitting]] = defaultdict(list)
        for (test, user), attempts in sorted(firsts.items(), key=lambda pair: pair[0]):
            first = min(attempts, key=lambda entry: entry[:3])[3]
            sitting = Sitting(user)
            for answer in sorted(first["answers"] or [], key=lambda answer: answer["position"]):
                question = answer["question_ref"].lower()
                if question in self.questions and question not in sitting.marks:
                    seconds = None if answer["seconds"] is None else float(answer["seconds"])
                    mark = (int(answer["is_correct"]), answer["selected_option"], seconds)
                    sitting.marks[question] = mark
            if first["answers"]:
                tests[test].append(sitting)
        return tests

    def statistics(self) -> dict[str, Row]:
        """Return question_statistics without the flags: question -> columns, floats unrounded."""
        found = {}
        for question, items in self.items.items():
            marks = self._marks(question)
            times = [seconds for _, _, seconds in marks if seconds is not None]
            rest, rest_n = _pooled([(i.n, i.rest) for i in items])
            low, high = _fisher(rest, rest_n)
            found[question] = {
                "times_answered": len(marks),
                "correct_count": sum(mark[0] for mark in marks),
                "facility": statistics.fmean(mark[0] for mark in marks),
                "average_time_seconds": statistics.fmean(times) if times else None,
                "median_time_seconds": statistics.median(times) if times else None,
                "item_rest_r": rest,
                "item_rest_r_low": low,
                "item_rest_r_high": high,
                "item_total_r": _pooled([(i.n, i.total) for i in items])[0],
                "d27": _pooled([(i.n, i.d27) for i in items])[0],
            }
        return found

    def option_statistics(self) -> dict[tuple[str, str], Row]:
        """Return question_options: (question, label) -> columns, floats unrounded."""
        found = {}
        for question, items in self.items.items():
            chosen = [option for _, option, _ in self._marks(question) if option is not None]
            for label in {*chosen, *self.options[question]}:
                pooled = [(i.recorded, i.options.get(label)) for i in items]
                found[question, label] = {
                    "is_in_catalogue": label in self.options[question],
                    "is_key": self.options[question].get(label, False),
                    "times_chosen": chosen.count(label),
                    "share": chosen.count(label) / len(chosen) if chosen else None,
                    "option_rest_r": _pooled(pooled)[0],
                }
        return found

    def flags(self, row: Row, question: str) -> Row:
        """Return the four flags of a question from its (published, rounded) statistics."""
        options = {
            label: found
            for (q, label), found in self.option_statistics().items()
            if q == question and label in self.options[question]
        }
        enough = row["times_answered"] >= 30
        recorded = sum(o["times_chosen"] for o in options.values()) >= 30
        keys = [o["option_rest_r"] for o in options.values() if o["is_key"]]
        wrong = [o for o in options.values() if not o["is_key"]]
        key_r = max((r for r in keys if r is not None), default=None)
        better = [
            o
            for o in wrong
            if key_r is not None
            and o["option_rest_r"] is not None
            and round(o["option_rest_r"], 4) > round(key_r, 4)
        ]
        guess = len(keys) / len(options) if options else 0.0
        high = row["item_rest_r_high"]
        return {
            "key_suspect": enough
            and ((recorded and bool(better)) or (high is not None and high < 0)),
            "too_easy": enough and row["facility"] > 0.95,
            "too_hard": enough and (row["facility"] < 0.20 or row["facility"] < guess),
            "non_functional_distractor": enough
            and recorded
            and any(o["share"] is not None and o["share"] < 0.05 for o in wrong),
        }

    def reliabilities(self) -> dict[str, Row]:
        """Return test_statistics: test -> columns, floats unrounded; the template says what is complete."""
        templates: dict[str, set[str]] = defaultdict(set)
        for entry in self.rows.get("catalogue_test_questions", []):
            templates[entry["test_template_id"]].add(entry["question_id"])
        known = {row["test_template_id"] for row in self.rows.get("catalogue_tests", [])}
        return {
            test: {
                "test_template_id": test.lower() if test.lower() in known else None,
                **_reliability(sittings, templates.get(test.lower())),
            }
            for test, sittings in self.tests.items()
        }

    def counts(self) -> dict[str, Row]:
        """Return question_counts: question -> columns, over all eligible attempts."""
        answers: dict[str, list[Row]] = {question: [] for question in self.questions}
        for attempt in self._eligible():
            for answer in attempt["answers"] or []:
                answers.get(answer["question_ref"].lower(), []).append(answer)
        return {question: _count(given) for question, given in answers.items()}

    def _marks(self, question: str) -> list[tuple[int, str | None, float | None]]:
        sittings = [s for test in self.tests.values() for s in test]
        return [s.marks[question] for s in sittings if question in s.marks]


def _count(answers: Sequence[Row]) -> Row:
    times = [Fraction(a["seconds"]) for a in answers if a["seconds"] is not None]
    mean = int(rounded(sum(times, Fraction(0)) / len(times), 0)) if times else None
    return {
        "times_answered": len(answers),
        "correct_count": sum(a["is_correct"] for a in answers),
        "average_time_seconds": mean,
    }


def _item(question: str, sittings: Sequence[Sitting]) -> Item:
    answered = [s for s in sittings if question in s.marks]
    marks = [s.marks[question][0] for s in answered]
    rests = [s.total - mark for s, mark in zip(answered, marks, strict=True)]
    recorded = [(s.marks[question][1], rest) for s, rest in zip(answered, rests, strict=True)]
    recorded = [(option, rest) for option, rest in recorded if option is not None]
    labels = {option for option, _ in recorded if option is not None}
    return Item(
        len(marks),
        pearson(marks, rests),
        pearson(marks, [s.total for s in answered]),
        _d27(question, [s for s in sittings if s.marks]),
        {
            label: pearson([int(o == label) for o, _ in recorded], [rest for _, rest in recorded])
            for label in labels
        },
        len(recorded),
    )


def _d27(question: str, sittings: Sequence[Sitting]) -> float | None:
    totals = sorted((s.total for s in sittings), reverse=True)
    size = math.floor(0.27 * len(totals) + 0.5 + 1e-9)
    if size == 0:
        return None
    top = [s for s in sittings if s.total >= totals[size - 1]]
    bottom = [s for s in sittings if s.total < totals[len(totals) - size - 1]]
    groups = [[s.marks[question][0] for s in g if question in s.marks] for g in (top, bottom)]
    return statistics.fmean(groups[0]) - statistics.fmean(groups[1]) if all(groups) else None


def _reliability(sittings: Sequence[Sitting], template: set[str] | None) -> Row:
    items = sorted(template or {q for s in sittings for q in s.marks})
    whole = [s for s in sittings if items and all(q in s.marks for q in items)]
    found: Row = {"n": len(whole), "items": len(items), "kr20": None, "alpha": None, "sem": None}
    totals = [sum(s.marks[q][0] for q in items) for s in whole]
    if len(items) > 1 and len(whole) > 1 and len(set(totals)) > 1:
        spread = sum(statistics.pvariance([s.marks[q][0] for s in whole]) for q in items)
        kr20 = len(items) / (len(items) - 1) * (1 - spread / statistics.pvariance(totals))
        found |= {
            "kr20": kr20,
            "alpha": kr20,
            "sem": statistics.stdev(totals) * math.sqrt(max(1 - kr20, 0.0)),
        }
    return found


def pearson(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Return Pearson's correlation, or None when either has no spread."""
    if len(set(xs)) < 2 or len(set(ys)) < 2:
        return None
    return statistics.correlation(xs, ys)


def _pooled(parts: Sequence[tuple[int, float | None]]) -> tuple[float | None, int]:
    defined = [(n, r) for n, r in parts if r is not None]
    total = sum(n for n, _ in defined)
    return (sum(n * r for n, r in defined) / total if total else None), total


def _fisher(r: float | None, n: int) -> tuple[float | None, float | None]:
    if r is None or n <= 3:
        return None, None
    if abs(r) > 1 - 1e-9:
        return r, r
    half = _Z / math.sqrt(n - 3)
    return math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)
