"""Exports of any size, quickly: days of activity, or attempts of 50 answers; and windows that change a part of them."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from mavprep_analytics.campus.destinations import LocalFolder
from mavprep_analytics.campus.export_writer import ExportOptions, ExportWriter
from mavprep_analytics.campus.manifests import Full, Incremental

END = datetime(2026, 11, 15, tzinfo=UTC)
AS_OF = END.date() - timedelta(days=1)
DAYS = 100
_FILE_ITEMS = 100_000
_DAY = (
    '{"PK":{"S":"USER#%s"},"SK":{"S":"DAILY#%s"},"date":{"S":"%s"},"testsCompleted":{"N":"%d"},'
    '"questionsAnswered":{"N":"150"},"correctAnswers":{"N":"120"},"studyTimeMinutes":{"N":"180"},'
    '"videosWatched":{"N":"5"},"flashcardsReviewed":{"N":"%d"},"topicsStudied":{"L":[{"S":"calculus"}]},'
    '"studyStreak":{"N":"7"},"timeByActivity":{"M":{"tests":{"N":"120"},"videos":{"N":"25"}}}}'
)
_ATTEMPT = (
    '{"PK":{"S":"USER#%s"},"SK":{"S":"PROGRESS#test%03d#%s"},"attemptId":{"S":"attempt-%d"},'
    '"testId":{"S":"test%03d"},"subjectId":{"S":"subject101"},"subjectName":{"S":"Calculus I"},'
    '"score":{"N":"%d"},"totalQuestions":{"N":"50"},"correctAnswers":{"N":"%d"},"incorrectAnswers":{"N":"%d"},'
    '"skippedQuestions":{"N":"0"},"percentageScore":{"N":"%d"},"startTime":{"S":"%s"},'
    '"timeSpentSeconds":{"N":"3600"},"topicPerformance":{"M":{%s}},"answers":{"L":[%s]},'
    '"completed":{"BOOL":true},"graded":{"BOOL":true}}'
)
_ANSWER = (
    '{"M":{"questionId":{"S":"%s"},"selectedOption":{"S":"%s"},"correct":{"BOOL":%s},'
    '"timeSpent":{"N":"%d"}}}'
)
_TOPIC = '"topic%02d":{"M":{"correct":{"N":"%d"},"total":{"N":"9"},"percentage":{"N":"50"}}}'


def days(items: int, tests_completed: int = 3) -> Iterator[str]:
    """Yield DAILY items: 100 days of each student."""
    first = END.date() - timedelta(days=DAYS)
    texts = [(first + timedelta(days=day)).isoformat() for day in range(DAYS)]
    for number in range(items):
        user, day = f"{number // DAYS * 2654435761 % 2**32:08x}", texts[number % DAYS]
        yield _DAY % (user, day, day, tests_completed, number % 97)


def attempts(items: int, seed: int = 1) -> Iterator[str]:
    """Yield PROGRESS items of 50 answers each, spread over 100 days."""
    draw = random.Random(seed)
    questions = [f"{draw.getrandbits(128):032x}" for _ in range(6_000)]
    for number in range(items):
        at = END - timedelta(seconds=1 + number * DAYS * 86_400 // items)
        test, right = number % 120, draw.randrange(51)
        start = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        answers = ",".join(
            _ANSWER
            % (
                questions[test * 50 + place],
                "ABCD"[bits & 3],
                "true" if place < right else "false",
                5 + (bits >> 2),
            )
            for place, bits in enumerate(draw.randbytes(50))
        )
        topics = ",".join(_TOPIC % (n, (number + n) % 9) for n in range(6))
        yield _ATTEMPT % (
            f"{number // 8:08x}", test, start, number, test, right * 2, right, 50 - right,
            right * 2, start, topics, answers,
        )  # fmt: skip


def write_full(folder: Path, table: str, items: Iterator[str], count: int) -> None:
    """Write a full export of items given as text."""
    options = ExportOptions(data_files=count // _FILE_ITEMS + 4, empty_files=0, level=1)
    with ExportWriter(LocalFolder(folder), table, Full(END), options) as writer:
        for number, item in enumerate(items):
            writer.add_line(f'{{"Item":{item}}}', number // DAYS)
        writer.finish()


def write_window(folder: Path, table: str, before: Iterator[str], after: Iterator[str]) -> None:
    """Write the next day's window: updates from each item before to the one after."""
    options = ExportOptions(level=1, empty_files=0)
    window = Incremental(END, END + timedelta(days=1))
    written = int(END.timestamp() + 3600) * 1_000_000
    head = f'{{"Metadata":{{"WriteTimestampMicros":{{"N":"{written}"}}}}'
    with ExportWriter(LocalFolder(folder), table, window, options) as writer:
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            keys = new[: new.index('},"date"') + 1] + "}"
            writer.add_line(f'{head},"Keys":{keys},"OldImage":{old},"NewImage":{new}}}', number)
        writer.finish()


def night() -> date:
    """Return the as-of date of the window."""
    return AS_OF + timedelta(days=1)
