"""The numbers of the mastery model, each with its source. The SQL models hold the same values as literals.

The model is a decayed-evidence hierarchical Beta chain. Its settings were chosen on two permissively
licensed answer logs (a statistics fill-in drill of Optimal-Learning-Lab/LKT, and the Spanish vocabulary log
of robert-lindsey/WCRP) and checked on four others; the optimum is flat, so none of them is delicate.
"""

HALF_LIFE_DAYS = 60
"""Days after which an answer counts half. Between 30 days and none the log loss moved by less than .002;
what decay buys is an interval that widens again when a student stops."""

ROOT_STRENGTH = 15.0
"""Pseudo-answers with which a student leans on the average student. 10 to 20: within .0008 log loss."""

NODE_STRENGTH = 30.0
"""Pseudo-answers with which a topic, subject or band leans on the node above. 20 to 60: within .0008."""

DEFAULT_RATES = {"easy": 0.80, "medium": 0.65, "hard": 0.50, None: 0.65}
"""Chance of a correct answer in a band of which nothing is known yet."""

TOPIC_PSEUDO_ANSWERS = 10
"""Pseudo-answers that draw a topic's rate to its band's default."""

TOPIC_BAND_PSEUDO_ANSWERS = 20
"""Pseudo-answers that draw the rate of a topic's band to the topic's rate."""

QUESTION_PSEUDO_ANSWERS = 5
"""Pseudo-answers that draw a question's rate to that of its topic and band. 2 to 10 is flat."""

RATE_RANGE = (0.02, 0.98)
"""Question rates are clipped to this: no question is known to be impossible or certain."""

INTERVAL_Z = 1.2816
"""Standard normal quantile of an 80 % interval."""

VARIANCE_FACTOR = 2.0
"""The chain's variance is doubled: with 1 the interval held 64-82 % of next-day shares, with 2 about 80 %."""

WIDEST_INTERVAL = 0.40
"""Above this width the level is `not_enough_data`."""

DEVELOPING_FROM, PROFICIENT_FROM, MASTERED_LOW_FROM = 0.50, 0.70, 0.80
"""Mastery from which the level is developing, proficient; lower end from which it is mastered."""

WEIGHT_UNIT = 10**9
"""The weight of an answer on the reading day, so that weights are whole numbers. Rates change with the week, and with
them every sum; so sums are anchored at the week's reading day and fit 64 bits."""
