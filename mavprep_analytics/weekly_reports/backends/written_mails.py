"""Deletes a student's mails that the file backend wrote, of every week."""

import json
from datetime import date
from pathlib import Path

from mavprep_analytics.weekly_reports.backends.file import SUBJECTS, FileBackend, safe_name


def forget_mails(folder: Path, user_id: str) -> int:
    """Delete the student's files below the folder and his lines in the indexes; return how many mails."""
    return sum(_forget(listed.parent, user_id) for listed in sorted(folder.glob(f"*/{SUBJECTS}")))


def _forget(week: Path, user_id: str) -> int:
    lines = (week / SUBJECTS).read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if json.loads(line)[1] != user_id]
    written = week / safe_name(user_id)
    files = [Path(f"{written}{suffix}") for suffix in (".eml", ".html")]
    mails = files[0].exists()
    for file in files:
        file.unlink(missing_ok=True)
    if len(kept) < len(lines):
        (week / SUBJECTS).write_text("".join(kept), encoding="utf-8")
        backend = FileBackend(week.parent, date.fromisoformat(week.name))
        backend.open()
        backend.close()
    return int(mails)
