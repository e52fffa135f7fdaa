"""The models that are compared: name -> what predicts a log; extras are compared only when named.

Each takes an AnswerLog and returns a Prediction of its first exposures. To add one, write a module and name
it here.
"""

from mavprep_analytics.mastery.evaluation.models.elo import elo
from mavprep_analytics.mastery.evaluation.models.irt import irt_1pl
from mavprep_analytics.mastery.evaluation.models.mastery import mastery
from mavprep_analytics.mastery.evaluation.models.percent import percent_correct, smoothed_percent
from mavprep_analytics.mastery.evaluation.models.prediction import Model, Prediction
from mavprep_analytics.mastery.evaluation.models.pybkt import pybkt

MODELS: dict[str, Model] = {
    "mastery": mastery,
    "percent_correct": percent_correct,
    "smoothed_percent": smoothed_percent,
    "elo": elo,
    "irt_1pl": irt_1pl,
}
EXTRAS: dict[str, Model] = {"pybkt": pybkt}

__all__ = ["EXTRAS", "MODELS", "Model", "Prediction"]
