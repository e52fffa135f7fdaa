"""An HTTP endpoint before a real one, with faults on data files: cut or spoilt bodies, 503, 403."""

import re
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_DATA_FILE = re.compile(r"/data/[a-z0-9]{26}\.json\.gz")


class Faults:
    """What happens to the next requests for data files.

    Attributes:
        url: the endpoint to talk to.
        cut: so many bodies break off after half their bytes.
        spoilt: so many bodies come with one bit changed.
        status: every request for a data file is answered with this; None: none is.
        code: the error code in that answer.
        seen: requests for data files.
    """

    def __init__(self) -> None:
        self.url = ""
        self.cut = 0
        self.spoilt = 0
        self.status: int | None = None
        self.code = "Refused"
        self.seen = 0


@contextmanager
def faulty_endpoint(upstream: str) -> Iterator[Faults]:
    """Serve an endpoint that passes requests on to `upstream`, with faults."""
    faults = Faults()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(upstream, faults))
    faults.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield faults
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(upstream: str, faults: Faults) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_data = _DATA_FILE.search(self.path) is not None
            faults.seen += is_data
            if is_data and faults.status is not None:
                body = f"<Error><Code>{faults.code}</Code></Error>".encode()
                self._answer(faults.status, body)
                return
            request = urllib.request.Request(upstream + self.path, headers=dict(self.headers))
            try:
                with urllib.request.urlopen(request) as answer:
                    body = self._spoilt(answer.read()) if is_data else answer.read()
                    self._answer(answer.status, body, is_cut=is_data and faults.cut > 0)
            except urllib.error.HTTPError as error:
                self._answer(error.code, error.read())

        def _spoilt(self, body: bytes) -> bytes:
            if not faults.spoilt:
                return body
            faults.spoilt -= 1
            middle = len(body) // 2
            return body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]

        def _answer(self, status: int, body: bytes, *, is_cut: bool = False) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if is_cut:
                faults.cut -= 1
                self.close_connection = True
                body = body[: len(body) // 2]
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler
