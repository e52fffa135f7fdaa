"""A small Amazon SES v2 over HTTP that accepts, refuses, throttles, drops, hangs, or accepts and dies.

What a mail meets is decided by its recipient; `accepted` is the truth that tests count.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_REFUSALS = {
    "throttle": (429, "TooManyRequestsException", "Maximum sending rate exceeded."),
    "daily": (429, "TooManyRequestsException", "Daily message quota exceeded."),
    "reject": (400, "MessageRejected", "Email address is not verified."),
    "paused": (400, "SendingPausedException", "Email sending is disabled."),
    "broken": (500, "InternalServiceErrorException", "Try again."),
}


class FakeSes(ThreadingHTTPServer):
    """The server.

    Attributes:
        behaviour: recipient -> list of what its next calls meet; afterwards, and for all others, `accept`.
        requests: SendEmail calls per recipient.
        accepted: mails that were taken, per recipient.
        quota: MaxSendRate and Max24HourSend of the account.
        skew: seconds that its clock is ahead of this machine's.
        may_ask: whether GetAccount is allowed.
        released: set it to end hanging calls.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behaviour: dict[str, list[str]] = {}
        self.requests: Counter[str] = Counter()
        self.accepted: Counter[str] = Counter()
        self.messages: list[dict[str, Any]] = []
        self.quota = {"MaxSendRate": 1000.0, "Max24HourSend": 50_000.0, "SentLast24Hours": 0.0}
        self.skew = 0.0
        self.may_ask = True
        self.released = threading.Event()
        self.lock = threading.Lock()

    @property
    def endpoint(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: FakeSes
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.server.may_ask:
            self._answer(200, {"SendingEnabled": True, "SendQuota": self.server.quota})
        else:
            self._answer(403, {"message": "no"}, "AccessDeniedException")

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the Date header of an answer."""
        return super().date_time_string(time.time() + self.server.skew)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        recipient = body["Destination"]["ToAddresses"][0]
        with self.server.lock:
            planned = self.server.behaviour.get(recipient) or ["accept"]
            meets = planned.pop(0)
            self.server.requests[recipient] += 1
            if meets.startswith("accept"):
                self.server.accepted[recipient] += 1
                self.server.messages.append(body)
        if meets == "accept":
            self._answer(200, {"MessageId": f"ses-{recipient}"})
        elif meets in _REFUSALS:
            status, code, text = _REFUSALS[meets]
            self._answer(status, {"message": text}, code)
        else:
            if "hang" in meets:
                self.server.released.wait(30)
            self.close_connection = True

    def _answer(self, status: int, body: dict[str, Any], code: str = "") -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        if code:
            self.send_header("x-amzn-ErrorType", code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Stay silent."""


@contextmanager
def serving() -> Iterator[FakeSes]:
    """Run the server for the length of the block."""
    server = FakeSes()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
