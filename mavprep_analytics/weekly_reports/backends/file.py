"""Writes each mail as `<folder>/<week>/<user>.eml` and `.html`, with an index to leaf through."""

import html
import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.packaged_files import read_packaged
from mavprep_analytics.weekly_reports.backends.backend import Outcome
from mavprep_analytics.weekly_reports.mime import Message

_LONGEST = 100
_WRITERS = 4
SUBJECTS = ".subjects.jsonl"


def safe_name(user_id: str) -> str:
    """Return a file name for any user id: readable where it is harmless, never a path, never too long."""
    name = quote(user_id, safe="@+ ").replace("~", "%7E")
    is_odd = name.startswith(".") or name.endswith((".", " ")) or name.lower() in {"", "index"}
    if is_odd or len(name) > _LONGEST:
        plain = name.strip(" ").replace(".", "%2E")
        name = plain[: _LONGEST - 17] + "-" + sha256(user_id.encode()).hexdigest()[:16]
    return name


class FileBackend:
    """Mails as files."""

    name = "file"
    batch = 500
    has_deadline = False

    def __init__(self, folder: Path, week: date) -> None:
        self.folder = folder / week.isoformat()
        self._week = week
        self._writers = ThreadPoolExecutor(_WRITERS)
        self._pending: list[tuple[Message, Future[None]]] = []

    def open(self) -> None:
        """Make the week's folder.

        Raises:
            Misconfigured: it cannot be made.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._subjects = (self.folder / SUBJECTS).open("a", encoding="utf-8")
        except OSError as error:
            raise Misconfigured(
                f"the folder {self.folder} cannot be made ({error.strerror})",
                "Name a folder you can write to in MAVPREP_REPORTS_DIR",
            ) from None

    def rate(self) -> float:
        """No limit."""
        return 0

    def quota(self) -> int | None:
        """No limit."""
        return None

    def send(self, message: Message) -> Outcome:
        """Hand both files to a writing thread; `settle` tells whether they were written."""
        self._pending.append((message, self._writers.submit(self._write, message)))
        return Outcome("sent", message.message_id)

    def settle(self) -> dict[str, str]:
        """Wait for the files; see Backend."""
        broken = {}
        for message, written in self._pending:
            error = written.exception()
            if error is None:
                line = [safe_name(message.user_id), message.user_id, message.subject]
                self._subjects.write(json.dumps(line) + "\n")
            elif isinstance(error, OSError):
                broken[message.user_id] = f"{self.folder}: {error.strerror}"
            else:
                raise error
        self._pending.clear()
        return broken

    def _write(self, message: Message) -> None:
        path = self.folder / safe_name(message.user_id)
        Path(f"{path}.eml").write_bytes(message.content)
        Path(f"{path}.html").write_text(message.html, encoding="utf-8")

    def close(self) -> None:
        """Write `index.html` over everything that the folder holds."""
        self._writers.shutdown()
        self._subjects.close()
        page = read_packaged("reports/weekly_report/index.html")
        head, tail = page.split("<!-- mails -->")
        with (self.folder / "index.html").open("w", encoding="utf-8") as index:
            index.write(head.replace("<!-- week -->", self._week.isoformat()))
            index.writelines(self._entries())
            index.write(tail)

    def _entries(self) -> Iterator[str]:
        written: dict[str, tuple[str, str]] = {}
        for line in (self.folder / SUBJECTS).read_text(encoding="utf-8").splitlines():
            name, user_id, subject = json.loads(line)
            written[name] = (user_id, subject)
        for name, (user_id, subject) in sorted(written.items()):
            link = quote(name)
            yield (
                f'<li><a href="{link}.html" target="mail"><b>{html.escape(user_id)}</b>'
                f"<span>{html.escape(subject)}</span></a>"
                f'<a class="eml" href="{link}.eml" download>eml</a></li>\n'
            )
