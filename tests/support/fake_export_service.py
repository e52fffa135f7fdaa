"""The export calls of DynamoDB over HTTP: keeps what was asked for, and says of it what a test wants."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Described = dict[str, Any]


class ExportService:
    """What the service knows.

    Attributes:
        url: the endpoint to talk to.
        exports: every export asked for, as DescribeExport tells it, by ARN.
        tokens: client token -> ARN.
        statuses: what an export's status becomes with each look at it; the last one stays.
        refusal: error code of the next requests; None: none.
    """

    def __init__(self) -> None:
        self.url = ""
        self.exports: dict[str, Described] = {}
        self.tokens: dict[str, str] = {}
        self.statuses: list[str] = ["IN_PROGRESS"]
        self.refusal: str | None = None

    def ExportTableToPointInTime(self, asked: Described) -> Described:
        """Keep an export; the same token is the same export."""
        number = len(self.exports) + 1
        arn = f"{asked['TableArn']}/export/{number:014d}-{number:08x}"
        arn = self.tokens.setdefault(asked["ClientToken"], arn)
        self.exports.setdefault(arn, {**asked, "ExportArn": arn, "ExportStatus": self.statuses[0]})
        return {"ExportDescription": self.exports[arn]}

    def DescribeExport(self, asked: Described) -> Described:
        """Tell of an export."""
        export = self.exports[asked["ExportArn"]]
        if len(self.statuses) > 1:
            self.statuses.pop(0)
        export["ExportStatus"] = self.statuses[0]
        if self.statuses[0] == "FAILED":
            export |= {"FailureCode": "S3NoSuchBucket", "FailureMessage": "no such bucket"}
        return {"ExportDescription": export}

    def ListExports(self, asked: Described) -> Described:
        """List a table's exports, one a page."""
        arns = [arn for arn in self.exports if arn.startswith(f"{asked['TableArn']}/")]
        place = int(asked.get("NextToken", 0))
        page: Described = {
            "ExportSummaries": [
                {"ExportArn": arn, "ExportStatus": self.exports[arn]["ExportStatus"]}
                for arn in arns[place : place + 1]
            ]
        }
        return page | ({"NextToken": str(place + 1)} if place + 1 < len(arns) else {})


@contextmanager
def export_service() -> Iterator[ExportService]:
    """Serve the calls on a free port."""
    service = ExportService()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(service))
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(service: ExportService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            call = self.headers["X-Amz-Target"].rpartition(".")[2]
            if service.refusal is not None:
                kind = f"com.amazonaws.dynamodb.v20120810#{service.refusal}"
                self._answer(400, {"__type": kind, "message": "no"})
            else:
                self._answer(200, getattr(service, call)(asked))

        def _answer(self, status: int, content: Described) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler
