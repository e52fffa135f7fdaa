"""How good last week's predictions were, slowly: each first answer of the week against what was known before it."""

import math
from collections import defaultdict

from mastery_oracle import Evidence, Oracle

Marks = list[tuple[int, float]]
"""Correct or not, and the chance that was given to it."""


def predicted(oracle: Oracle, sunday: int) -> dict[str, Marks]:
    """Return what mastery and percent correct made of the first answers of the week that ends on a day."""
    rates, before = oracle.rates(sunday - 7), oracle.deviations(sunday - 7)
    found: dict[str, Marks] = {"mastery": [], "percent_correct": []}
    for one in oracle.evidence:
        if one.question_id is not None and sunday - 7 < one.day <= sunday:
            thetas = [
                before[one.user_id, node][0].theta
                for node in oracle.nodes(one)
                if node[0] != "band" and (one.user_id, node) in before
            ]
            odds = math.log(rates[one.question_id] / (1 - rates[one.question_id]))
            chance = 1 / (1 + math.exp(-odds - (thetas[0] if thetas else 0.0)))
            found["mastery"].append((one.correct, _millionths(chance)))
            share = _share(oracle, one, sunday - 7)
            found["percent_correct"].append((one.correct, _millionths(min(max(share, 0.01), 0.99))))
    return found


def _share(oracle: Oracle, one: Evidence, evening: int) -> float:
    answered = [e for e in oracle.evidence if e.question_id is not None]
    same = [e for e in answered if e.topic_id == one.topic_id]
    own = [e.correct for e in same if e.user_id == one.user_id and e.day <= evening]
    if own:
        return sum(own) / len(own)
    everybody = [e.correct for e in same if e.day <= evening - 7]
    return (sum(everybody) + 6.5) / (len(everybody) + 10)


def _millionths(chance: float) -> float:
    return math.floor(chance * 1e6 + 0.5) / 1e6


def log_loss(marks: Marks) -> float:
    return sum(-math.log(p if correct else 1 - p) for correct, p in marks) / len(marks)


def ece(marks: Marks) -> float:
    bins: dict[int, Marks] = defaultdict(list)
    for correct, p in marks:
        bins[min(round(p * 1e6) // 100_000, 9)].append((correct, p))
    gaps = (abs(sum(c for c, _ in b) - sum(p for _, p in b)) for b in bins.values())
    return sum(gaps) / len(marks)
