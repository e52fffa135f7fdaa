"""Moto's server of S3, DynamoDB and SES: a thread of this process, or the process that `aws` starts.

The latter is `python -m … STATE_FILE`. It notes its process and port in that file once it serves, and
ends at once with SIGTERM: nothing in it is worth saving.
"""

import logging
import socket
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from moto.moto_server.threaded_moto_server import ThreadedMotoServer

from mavprep_analytics.embedded.aws import ADDRESS, environment, write_state
from mavprep_analytics.errors import Temporary


class EmbeddedAws:
    """The AWS endpoints in a thread of this process, for the length of a `with` block."""

    def __init__(self) -> None:
        self._server = ThreadedMotoServer(ip_address=ADDRESS, port=0, verbose=False)

    @property
    def endpoint(self) -> str:
        """`http://127.0.0.1:<port>`, for every service; known once the block is entered."""
        _, port = self._server.get_host_and_port()
        return f"http://{ADDRESS}:{port}"

    def environment(self) -> dict[str, str]:
        """The variables that lead the SDKs here; see `aws.environment`."""
        return environment(self.endpoint)

    def __enter__(self) -> Self:
        _require_loopback()
        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # else a line per request
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.stop()


def main(state: Path) -> None:
    """Serve until a signal ends this process."""
    with EmbeddedAws() as aws:
        write_state(state, urlsplit(aws.endpoint).port or 0)
        threading.Event().wait()


def _require_loopback() -> None:
    """Fail clearly where moto would wait for ever: no port of the loopback interface can be bound."""
    try:
        with socket.socket() as probe:
            probe.bind((ADDRESS, 0))
    except OSError as error:
        raise Temporary(
            f"no port of {ADDRESS} can be bound ({error.strerror})", "Check the loopback interface"
        ) from None


if __name__ == "__main__":
    main(Path(sys.argv[1]))
