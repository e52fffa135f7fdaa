"""What the other students of the university did: averages that never rest on fewer than ten others. Pure.

One's own row is taken out. Each student is shown one group only, and groups do not overlap, so the
figures of two students, put side by side, tell nothing of a third.
"""

from mavprep_analytics.weekly_reports.facts import PeerGroup, WeekRow
from mavprep_analytics.weekly_reports.payload import Peers, half_up, percent

FEWEST_OTHERS = 10


def peers_of(group: PeerGroup | None, own: WeekRow | None) -> Peers | None:
    """Return the averages of the others; null: too few, or oneself was not active.

    Args:
        group: the active students of one's university, oneself included; null: none.
        own: one's own row of the week; null: none.
    """
    if group is None or own is None or not own.is_active:
        return None
    others = group.students - 1
    if others < FEWEST_OTHERS:
        return None
    answering = group.answering - (own.questions > 0)
    accuracy = percent(group.correct - own.correct, group.questions - own.questions)
    return Peers(
        students=others,
        minutes=half_up(group.minutes - own.study_minutes, others),
        answering=answering,
        accuracy=accuracy if answering >= FEWEST_OTHERS else None,
    )
