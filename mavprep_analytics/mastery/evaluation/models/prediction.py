"""What a model returns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from mavprep_analytics.mastery.evaluation.log import AnswerLog
from mavprep_analytics.mastery.reading import Floats


@dataclass(frozen=True)
class Prediction:
    """Chances of a correct answer to each first exposure of a log, in its order.

    Args:
        chance: between 0 and 1, both excluded.
        low: lower end of the 80 % interval of the chance; None: the model knows no interval.
        high: upper end.
    """

    chance: Floats
    low: Floats | None = None
    high: Floats | None = None


Model: TypeAlias = Callable[[AnswerLog], Prediction]
