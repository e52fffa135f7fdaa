"""The same metrics as a competent analyst would write them first: pandas frames, one groupby after another.

Definitions are the product's: local days by time zone, first answers, rates shrunk over topic and band, the chain
from root to topic with its interval for this week and the last, boards, rankings, question and option statistics,
reliability of complete tests. What hardly costs is left out: slugs of names, flashcards, plans, streaks and the
weekly measurement; so it still does a little less. Results are floats, rounded as published.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from mavprep_analytics.lake import Lake

_DAY = 86_400_000_000
_BANDS = {"easy": 0.80, "medium": 0.65, "hard": 0.50}
_ATTEMPT = ["user_id", "test_id", "attempt_key"]
Frames = dict[str, pd.DataFrame]


def run(lake_folder: Path, reading_day: int, results: Path) -> dict[str, int]:
    """Compute everything from a lake's core tables, write samples and return rows per result."""
    lake = Lake.open(str(lake_folder / "lake"), lake_folder / "scratch")
    tables = lake.head().tables

    def frame(name: str) -> pd.DataFrame:
        parts = [pq.read_table(path).to_pandas() for path in lake.local_files(tables[name])]
        return pd.concat(parts, ignore_index=True)

    attempts = frame("core_attempts")
    attempts = attempts[attempts.is_completed & attempts.is_graded].reset_index(drop=True)
    profiles, questions = frame("core_profiles"), frame("catalogue_questions")
    attempts = _localized(attempts, profiles, frame("time_zone_offsets"))
    answers = _explode(attempts).merge(
        questions[["question_id", "topic_id", "difficulty"]],
        left_on="question_ref",
        right_on="question_id",
    )
    subjects = frame("catalogue_topics").set_index("topic_id").subject_id
    topics, by_subject, bands = _mastery(answers, questions, subjects, profiles, reading_day)
    made: Frames = {
        "subject_performance": _performance(attempts, answers),
        "test_leaderboard": _boards(attempts, frame("core_settings")),
        "topic_mastery": topics,
        "subject_mastery": by_subject,
        "difficulty_mastery": bands,
        "rankings": _rankings(frame("core_reputations"), profiles, by_subject),
        **_quality(attempts, answers, frame("catalogue_question_options")),
        "question_counts": answers.groupby("question_id").agg(
            times_answered=("is_correct", "size"), correct_count=("is_correct", "sum")
        ),
        "student_week": _weeks(attempts, reading_day),
    }
    for name in ("topic_mastery", "test_leaderboard", "question_statistics", "subject_performance"):
        made[name].reset_index().head(200_000).to_parquet(results / f"{name}.parquet")
    return {name: len(rows) for name, rows in made.items()}


def _localized(
    attempts: pd.DataFrame, profiles: pd.DataFrame, offsets: pd.DataFrame
) -> pd.DataFrame:
    at = attempts.ended_at_micros.fillna(attempts.started_at_micros).astype("int64")
    rows = attempts.assign(at=at, utc_day=at // _DAY)
    rows = rows.merge(profiles[["user_id", "timezone"]], on="user_id").sort_values("at")
    zones = offsets.sort_values("from_micros")[["timezone", "from_micros", "offset_micros"]]
    rows = pd.merge_asof(rows, zones, left_on="at", right_on="from_micros", by="timezone")
    return rows.assign(local_day=(rows["at"] + rows.offset_micros) // _DAY)


def _explode(attempts: pd.DataFrame) -> pd.DataFrame:
    columns = [*_ATTEMPT, "attempt_id", "at", "utc_day", "answers"]
    rows = attempts[columns].explode("answers", ignore_index=True)
    entries = pd.DataFrame(rows.pop("answers").tolist())
    entries["seconds"] = entries.seconds.astype(float)
    entries["is_correct"] = entries.is_correct.astype("int64")
    return pd.concat([rows, entries], axis=1)


def _performance(attempts: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    levels = answers.groupby([*_ATTEMPT, "difficulty"]).is_correct.agg(["sum", "count"]).unstack()
    levels.columns = [f"{level}_{count}" for count, level in levels.columns]
    joined = attempts.set_index(_ATTEMPT).join(levels.fillna(0)).reset_index()
    joined["percentage_score"] = joined.percentage_score.astype(float)
    joined["spent"] = joined.time_spent_seconds.astype(float)
    sums = {name: (name, "sum") for name in levels.columns}
    return joined.groupby(["user_id", "subject_ref", "local_day"]).agg(
        tests_taken=("score", "size"),
        questions=("total_questions", "sum"),
        correct_answers=("correct_answers", "sum"),
        average_score=("percentage_score", "mean"),
        seconds=("spent", "sum"),
        **sums,
    )


def _boards(attempts: pd.DataFrame, settings: pd.DataFrame) -> pd.DataFrame:
    typed = attempts.assign(
        score=attempts.score.astype(float), seconds=attempts.time_spent_seconds.astype(float)
    )
    best = typed.sort_values(
        ["score", "seconds", "at", "attempt_id"], ascending=[False, True, True, True]
    )
    counts = typed.groupby(["test_id", "user_id"]).size().rename("attempts")
    best = best.drop_duplicates(["test_id", "user_id"]).join(counts, on=["test_id", "user_id"])
    pair = best.score * 1e7 - best.seconds
    boards = _ranked(best.assign(pair=pair), ["test_id"], "pair")
    return boards.merge(settings, on="user_id", how="left").set_index(["test_id", "user_id"])


def _ranked(rows: pd.DataFrame, scope: list[str], value: str) -> pd.DataFrame:
    groups = rows.groupby(scope)[value]
    n = groups.transform("size")
    ties = rows.groupby([*scope, value])[value].transform("size")
    rank = groups.rank(method="min", ascending=False).astype("int64")
    worse = n - (rank - 1) - ties
    return rows.assign(
        rank=rank,
        dense_rank=groups.rank(method="dense", ascending=False).astype("int64"),
        tie_size=ties,
        population=n,
        percentile=(100 * (worse + 0.5 * ties) / n).round(2),
    )


def _rates(first: pd.DataFrame, questions: pd.DataFrame, until: int) -> pd.Series:
    counts = first[first.utc_day <= until].groupby("question_id").is_correct.agg(["sum", "count"])
    rates = questions.set_index("question_id")[["topic_id", "difficulty"]].join(counts).fillna(0)
    default = rates.difficulty.map(_BANDS).fillna(0.65)
    sums = rates.groupby("topic_id")[["sum", "count"]].transform("sum")
    topic = (sums["sum"] + 10 * default) / (sums["count"] + 10)
    sums = rates.groupby(["topic_id", "difficulty"])[["sum", "count"]].transform("sum")
    band = (sums["sum"] + 20 * topic) / (sums["count"] + 20)
    return ((rates["sum"] + 5 * band) / (rates["count"] + 5)).clip(0.02, 0.98).round(6)


def _mastery(
    answers: pd.DataFrame,
    questions: pd.DataFrame,
    subjects: pd.Series,
    profiles: pd.DataFrame,
    reading_day: int,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    known = answers[answers.user_id.isin(profiles.user_id)]
    ordered = known.sort_values(["at", "attempt_id", "position"])
    first = ordered.drop_duplicates(["user_id", "question_id"])
    first = first[["user_id", "question_id", "topic_id", "difficulty", "utc_day", "is_correct"]]
    first = first.assign(subject_id=first.topic_id.map(subjects))
    catalogue = questions[questions.is_active].assign(
        subject_id=questions.topic_id.map(subjects), root=""
    )
    now = _read(first, questions, catalogue, reading_day)
    before = _read(first[first.utc_day <= reading_day - 7], questions, catalogue, reading_day - 7)
    joined = [
        a.join(b.mastery.rename("previous_mastery")) for a, b in zip(now, before, strict=True)
    ]
    return joined[0], joined[1], joined[2]


def _read(
    first: pd.DataFrame, questions: pd.DataFrame, catalogue: pd.DataFrame, day: int
) -> list[pd.DataFrame]:
    rates = _rates(first, questions, day - 7)
    weight = np.exp2((first.utc_day - day) / 60)
    rows = first.assign(
        s=weight * first.is_correct,
        e=weight * first.question_id.map(rates),
        n=weight,
        answers=1,
        root="",
    )
    root = _node(rows, ["root"], None, catalogue, rates)
    subject = _node(rows, ["subject_id"], root, catalogue, rates)
    topic = _node(rows, ["topic_id", "subject_id"], subject, catalogue, rates)
    band = _node(rows, ["difficulty"], root, catalogue, rates)
    return [topic.droplevel("subject_id"), subject, band]


def _node(
    rows: pd.DataFrame,
    keys: list[str],
    parent: pd.DataFrame | None,
    catalogue: pd.DataFrame,
    rates: pd.Series,
) -> pd.DataFrame:
    sums = rows.groupby(["user_id", *keys]).agg(
        s=("s", "sum"),
        e=("e", "sum"),
        n=("n", "sum"),
        answers=("answers", "sum"),
        last_day=("utc_day", "max"),
    )
    theta, variance, kappa = np.zeros(len(sums)), np.zeros(len(sums)), 15.0
    if parent is not None:
        kappa, on = 30.0, ["user_id", *(name for name in parent.index.names if name in keys)]
        above = parent if len(on) > 1 else parent.droplevel("root")
        found = sums.index.to_frame(index=False)[on].join(above[["theta", "variance"]], on=on)
        theta, variance = found.theta.to_numpy(), found.variance.to_numpy()
    q = (sums.e / sums.n).to_numpy()
    logit = np.log(q / (1 - q))
    prior = 1 / (1 + np.exp(-logit - theta))
    alpha = sums.s + kappa * prior
    beta = sums.n - sums.s + kappa * (1 - prior)
    lean = kappa / (kappa + sums.n)
    sums["theta"] = np.log(alpha / beta) - logit
    sums["variance"] = 1 / alpha + 1 / beta + lean**2 * variance
    means = catalogue.question_id.map(rates).groupby(catalogue[keys[0]]).mean()
    c = sums.index.get_level_values(keys[0]).map(means).to_numpy(dtype=float)
    centre, half = np.log(c / (1 - c)) + sums.theta, 1.2816 * np.sqrt(2 * sums.variance)
    for name, at in (("mastery", 0), ("mastery_low", -1), ("mastery_high", 1)):
        sums[name] = (1 / (1 + np.exp(-centre - at * half))).round(4)
    sums["level"] = np.select(
        [
            sums.mastery_high - sums.mastery_low > 0.4,
            sums.mastery_low >= 0.8,
            sums.mastery >= 0.7,
            sums.mastery >= 0.5,
        ],
        ["not_enough_data", "mastered", "proficient", "developing"],
        "starting",
    )
    return sums


def _rankings(
    reputations: pd.DataFrame, profiles: pd.DataFrame, mastery: pd.DataFrame
) -> pd.DataFrame:
    owners = reputations.merge(profiles[["user_id", "university"]], on="user_id")
    performance = mastery[mastery.level != "not_enough_data"].reset_index()
    return pd.concat(
        [
            _ranked(owners.assign(scope=""), ["scope"], "reputation"),
            _ranked(owners, ["university"], "reputation"),
            _ranked(performance, ["subject_id"], "mastery_low"),
        ]
    )


def _quality(attempts: pd.DataFrame, answers: pd.DataFrame, options: pd.DataFrame) -> Frames:
    order = attempts.sort_values(["at", "attempt_id"]).drop_duplicates(["user_id", "test_id"])
    marks = answers.merge(order[_ATTEMPT], on=_ATTEMPT).sort_values("position")
    marks = marks.drop_duplicates(["user_id", "test_id", "question_id"])
    sitting = ["user_id", "test_id"]
    marks = marks.assign(total=marks.groupby(sitting).is_correct.transform("sum"))
    totals = marks.drop_duplicates(sitting)
    place = totals.groupby("test_id").total.rank(method="first", ascending=False)
    n, group = totals.groupby("test_id").total.transform("size"), None
    group = (0.27 * n + 0.5).astype(int)
    top = totals[place == group].set_index("test_id").total
    bottom = totals[place == n - group].set_index("test_id").total
    marks["is_top"] = marks.total >= marks.test_id.map(top)
    marks["is_bottom"] = marks.total < marks.test_id.map(bottom)
    items = pd.concat([_items(group) for _, group in marks.groupby("test_id")], ignore_index=True)
    return {
        "question_statistics": _pooled(items).join(
            marks.groupby("question_id").seconds.agg(["mean", "median"])
        ),
        "question_options": _options(marks, options),
        "test_statistics": pd.DataFrame(
            {test: _reliability(group) for test, group in marks.groupby("test_id")}
        ).T,
    }


def _items(marks: pd.DataFrame) -> pd.DataFrame:
    rest = marks.total - marks.is_correct
    rows = marks.assign(
        x=marks.is_correct, r=rest, xr=marks.is_correct * rest, xt=marks.is_correct * marks.total
    )
    rows = rows.assign(rr=rows.r**2, tt=rows.total**2, t=rows.total, c=1)
    rows["top_x"], rows["bottom_x"] = rows.x * rows.is_top, rows.x * rows.is_bottom
    s = rows.groupby("question_id")[
        ["c", "x", "r", "t", "xr", "xt", "rr", "tt", "is_top", "is_bottom", "top_x", "bottom_x"]
    ].sum()
    spread = s.c * s.x - s.x**2
    with np.errstate(divide="ignore", invalid="ignore"):
        s["item_rest"] = (s.c * s.xr - s.x * s.r) / np.sqrt(spread * (s.c * s.rr - s.r**2))
        s["item_total"] = (s.c * s.xt - s.x * s.t) / np.sqrt(spread * (s.c * s.tt - s.t**2))
        s["d27"] = s.top_x / s.is_top - s.bottom_x / s.is_bottom
    return s.reset_index()


def _pooled(items: pd.DataFrame) -> pd.DataFrame:
    found = items.groupby("question_id")[["c", "x"]].sum()
    found["facility"] = (found.x / found.c).round(4)
    for name in ("item_rest", "item_total", "d27"):
        defined = items[np.isfinite(items[name])]
        sums = (defined[name] * defined.c).groupby(defined.question_id).sum()
        found[name] = (sums / defined.groupby("question_id").c.sum()).round(4)
    return found


def _options(marks: pd.DataFrame, options: pd.DataFrame) -> pd.DataFrame:
    chosen = marks.dropna(subset="selected_option")
    counts = chosen.groupby(["question_id", "selected_option"]).size().rename("times_chosen")
    share = counts / counts.groupby("question_id").transform("sum")
    rest = chosen.total - chosen.is_correct
    rows = chosen.assign(r=rest, rr=rest**2, c=1)
    keys = ["test_id", "question_id"]
    whole = rows.groupby(keys)[["c", "r", "rr"]].sum()
    part = rows.groupby([*keys, "selected_option"])[["c", "r"]].sum().join(whole, rsuffix="_all")
    spread = (part.c_all * part.c - part.c**2) * (part.c_all * part.rr - part.r_all**2)
    part["r_pb"] = (part.c_all * part.r - part.c * part.r_all) / np.sqrt(spread)
    pooled = part.dropna().groupby(["question_id", "selected_option"]).r_pb.mean()
    return (
        counts.to_frame()
        .assign(share=share.round(4), option_rest_r=pooled)
        .join(
            options.set_index(["question_id", "option_label"]).is_key,
            on=["question_id", "selected_option"],
        )
    )


def _reliability(marks: pd.DataFrame) -> dict[str, Any]:
    matrix = marks.pivot(index="user_id", columns="question_id", values="is_correct").dropna()
    k, total = matrix.shape[1], matrix.sum(axis=1)
    if k < 2 or len(matrix) < 2 or total.var(ddof=0) == 0:
        return {"n": len(matrix), "kr20": None, "sem": None}
    kr20 = k / (k - 1) * (1 - matrix.var(ddof=0).sum() / total.var(ddof=0))
    return {"n": len(matrix), "kr20": kr20, "sem": total.std() * np.sqrt(1 - min(kr20, 1))}


def _weeks(attempts: pd.DataFrame, reading_day: int) -> pd.DataFrame:
    week = (reading_day - attempts.local_day) // 7
    recent = attempts.assign(week=week, spent=attempts.time_spent_seconds.astype(float))
    return (
        recent[week < 6]
        .groupby(["user_id", "week"])
        .agg(
            tests=("score", "size"),
            correct=("correct_answers", "sum"),
            seconds=("spent", "sum"),
            days=("local_day", "nunique"),
        )
    )


def sample_differences(lake: Lake, results: Path) -> dict[str, float]:
    """Return the greatest difference of some published numbers between the lake and the frames."""
    compared = {
        "topic_mastery": (["user_id", "topic_id"], "mastery", "mastery"),
        "test_leaderboard": (["test_id", "user_id"], "rank", "rank"),
        "question_statistics": (["question_id"], "item_rest_r", "item_rest"),
    }
    found = {}
    for table, (key, ours, theirs) in compared.items():
        mine = lake.read(lake.head().tables[table]).select([*key, ours]).to_pandas()
        other = pd.read_parquet(results / f"{table}.parquet", columns=[*key, theirs])
        both = mine.merge(other.rename(columns={theirs: "theirs"}), on=key).dropna()
        found[f"{table}.{ours}"] = float((both[ours].astype(float) - both.theirs).abs().max())
    return found
