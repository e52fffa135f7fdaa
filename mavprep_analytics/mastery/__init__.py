"""Mastery: how likely a student answers a new question of a topic correctly, and how sure that is.

`constants` names the numbers of the model and their sources, `build` brings the tables up to date, `chain`
reads the tree from the root down, `recall` is what students still know of their cards, `quality` measures
last week's predictions, `reading` and `evaluation` measure the model on answer logs. The arithmetic over
the lake is SQL; this package says what SQL cannot say well.
"""

from mavprep_analytics.mastery.build import build_mastery
from mavprep_analytics.mastery.quality import build_quality
from mavprep_analytics.mastery.recall import build_recall

__all__ = ["build_mastery", "build_quality", "build_recall"]
