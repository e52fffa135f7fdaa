"""Where a student stands among others, as formatted texts: own ranks, and the averages of peers."""

from mavprep_analytics.weekly_reports.language import Language
from mavprep_analytics.weekly_reports.payload import Peers, Rank
from mavprep_analytics.weekly_reports.sections import View, tone

TOP_SHARE_FROM = 100
"""Members of a group from which "top 8 %" is said."""


def ranks(rows: tuple[Rank, ...], words: Language) -> list[View]:
    """Return one's own ranks with size of the group, direction and what moved them."""
    return [
        {
            "label": row.label or words.say("Everyone"),
            "of": _of(row, words),
            "rank": words.say("#{n}", n=words.number(row.rank)),
            "change": _change(row, words),
            "why": _why(row, words),
            "tone": tone(row.change or 0),
        }
        for row in rows
    ]


def peers(others: Peers, words: Language) -> str:
    """Return the averages of the others as one sentence."""
    told = {
        "minutes": words.minutes(others.minutes),
        "share": words.percent(others.accuracy or 0),
    }
    if others.accuracy is None:
        return words.count(
            "{n} other student of your university was active: {minutes} on average.",
            "{n} other students of your university were active: {minutes} on average.",
            others.students,
            **told,
        )
    return words.count(
        "{n} other student of your university was active: {minutes} on average, {share} correct.",
        "{n} other students of your university were active: {minutes} on average, {share} correct.",
        others.students,
        **told,
    )


def top_share(row: Rank) -> int | None:
    """Return "top n percent", rounded up; null: the group is too small, or the rank in its lower half."""
    if row.population < TOP_SHARE_FROM or row.percentile <= 50:
        return None
    return max(1, -(-100 * row.rank // row.population))


def _of(row: Rank, words: Language) -> str:
    of = words.count("of {n} student", "of {n} students", row.population)
    top = top_share(row)
    if top is not None:
        of = words.say("top {share} {of}", share=words.percent(top), of=of)
    if row.tie_size > 1:
        of = words.say("{of}, shared", of=of)
    if row.metric == "performance":
        return words.say("By mastery, {of}", of=of)
    return words.say("By reputation, {of}", of=of)


def _change(row: Rank, words: Language) -> str:
    change = row.change
    if change is None:
        return words.say("new")
    if change == 0:
        return words.say("unchanged")
    if change > 0:
        return words.count("up {n} place", "up {n} places", change)
    return words.count("down {n} place", "down {n} places", -change)


def _why(row: Rank, words: Language) -> str:
    """Return the parts of the move, the largest first; empty when nothing moved."""
    if row.moved is None:
        return ""
    parts = [
        (row.moved.own, words.say("you")),
        (row.moved.others, words.say("others")),
        (row.moved.joiners, words.say("new students")),
        (row.moved.leavers, words.say("students who left")),
    ]
    told = [
        f"{name}\u00a0{words.signed(places)}"
        for places, name in sorted(parts, key=lambda part: -abs(part[0]))
        if places
    ]
    return words.say("Why: {parts}", parts=", ".join(told)) if told else ""
