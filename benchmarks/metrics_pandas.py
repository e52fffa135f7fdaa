"""The metrics as a data scientist would write them first: pandas frames, one groupby after another.

The same definitions where they are cheap to say in pandas: performance by day, boards, first answers with
question rates and a decayed mean per topic (not the whole chain), question facility, item-rest correlation
and rankings. Local dates, reference resolution, intervals and test reliability are left out, so it does less.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from mavprep_analytics.lake import Lake

_DAY_MICROS = 86_400_000_000


def run(lake_folder: Path) -> dict[str, int]:
    """Compute everything from a lake's core tables and return rows per result."""
    lake = Lake.open(str(lake_folder / "lake"), lake_folder / "scratch")
    tables = lake.head().tables

    def frame(name: str) -> pd.DataFrame:
        return pd.concat([pq.read_table(p).to_pandas() for p in lake.local_files(tables[name])])

    attempts = frame("core_attempts")
    attempts = attempts[attempts.is_completed & attempts.is_graded].reset_index(drop=True)
    answers = _explode(attempts).merge(
        frame("catalogue_questions"), left_on="question_ref", right_on="question_id"
    )
    results = {
        "subject_performance": _performance(attempts, answers),
        "test_leaderboard": _boards(attempts),
        "topic_mastery": _mastery(answers),
        "question_statistics": _questions(answers),
        "rankings": frame("core_reputations").assign(
            rank=lambda f: f.reputation.rank(method="min", ascending=False)
        ),
    }
    return {name: len(rows) for name, rows in results.items()}


def _explode(attempts: pd.DataFrame) -> pd.DataFrame:
    columns = ["user_id", "test_id", "attempt_key", "subject_ref", "ended_at_micros", "answers"]
    rows = attempts[columns].explode("answers", ignore_index=True)
    entries = pd.DataFrame(rows.pop("answers").tolist())
    return pd.concat([rows, entries], axis=1)


def _performance(attempts: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    keys = ["user_id", "test_id", "attempt_key"]
    levels = answers.groupby([*keys, "difficulty"]).is_correct.agg(["sum", "count"]).unstack()
    levels.columns = [f"{level}_{count}" for count, level in levels.columns]
    day = attempts.ended_at_micros // _DAY_MICROS
    joined = attempts.assign(day=day).set_index(keys).join(levels)
    return joined.groupby(["user_id", "subject_ref", "day"]).agg(
        tests=("score", "size"), correct=("correct_answers", "sum")
    )


def _boards(attempts: pd.DataFrame) -> pd.DataFrame:
    typed = attempts.assign(
        score=attempts.score.astype(float), seconds=attempts.time_spent_seconds.astype(float)
    )
    best = typed.sort_values(["score", "seconds"], ascending=[False, True])
    best = best.drop_duplicates(["test_id", "user_id"])
    pair = best.score * 1e7 - best.seconds
    return best.assign(rank=pair.groupby(best.test_id).rank(method="min", ascending=False))


def _mastery(answers: pd.DataFrame) -> pd.DataFrame:
    ordered = answers.sort_values(["ended_at_micros", "attempt_key", "position"])
    first = ordered.drop_duplicates(["user_id", "question_id"])
    rate = first.groupby("question_id").is_correct.transform("mean")
    age = (first.ended_at_micros.max() - first.ended_at_micros) / _DAY_MICROS
    weight = np.exp2(-age / 60)
    sums = pd.DataFrame(
        {
            "user_id": first.user_id,
            "topic_id": first.topic_id,
            "s": weight * first.is_correct,
            "e": weight * rate,
            "n": weight,
        }
    )
    return sums.groupby(["user_id", "topic_id"]).sum()


def _questions(answers: pd.DataFrame) -> pd.DataFrame:
    first = answers.sort_values("ended_at_micros").drop_duplicates(
        ["user_id", "test_id", "question_id"]
    )
    total = first.groupby(["user_id", "test_id"]).is_correct.transform("sum")
    marks = first.assign(x=first.is_correct.astype(float), rest=total - first.is_correct)
    return marks.groupby("question_id").apply(
        lambda g: pd.Series({"facility": g.x.mean(), "item_rest_r": g.x.corr(g.rest)}),
        include_groups=False,
    )
