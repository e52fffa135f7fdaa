"""Question quality: which questions are too easy, too hard, badly keyed; and how reliable a test is.

Everything that is counted is SQL; `build` says in which order. Definitions follow classical test theory.
"""

from mavprep_analytics.questions.build import build_questions

__all__ = ["build_questions"]
