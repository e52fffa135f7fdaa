"""Measures mastery models on a log of answers: who would have been predicted right, and how honestly.

`log` reads and prepares a log, `models` are the candidates, `scores` the measures, `report` runs them side
by side, `plot` draws the calibration; `truth` holds published mastery beside a simulated campus. Nothing here
touches the lake.
"""

from mavprep_analytics.mastery.evaluation.log import AnswerLog, LogRefused, read_log
from mavprep_analytics.mastery.evaluation.models import MODELS
from mavprep_analytics.mastery.evaluation.plot import calibration_drawing, calibration_page
from mavprep_analytics.mastery.evaluation.report import Measured, Report, evaluate
from mavprep_analytics.mastery.evaluation.truth import Held, held_truth

__all__ = [
    "MODELS",
    "AnswerLog",
    "Held",
    "LogRefused",
    "Measured",
    "Report",
    "calibration_drawing",
    "calibration_page",
    "evaluate",
    "held_truth",
    "read_log",
]
