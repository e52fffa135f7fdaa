"""S3, DynamoDB and SES on 127.0.0.1 for the demo: a server that runs beside the commands, and the way to it.

Everything in it lives in memory and ends with its process. So whoever fills it keeps the originals on
disk (the exports), writes a marker object last, and fills it again where `ensure_running` returns an
endpoint without that marker; nothing else needs to be remembered. The server itself is `aws_server`.
"""

import json
import os
import sys
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from mavprep_analytics.embedded import detached
from mavprep_analytics.embedded.server_user import ServerUser
from mavprep_analytics.errors import Misconfigured, Temporary

ADDRESS = "127.0.0.1"
"""The only one that the server listens on."""

_REGION = "us-east-1"
_START_SECONDS = 60
_IMPORT_ROOT = Path(__file__).resolve().parents[2]
_PROCESS = "mavprep_analytics.embedded.aws_server"


def environment(endpoint: str) -> dict[str, str]:
    """Return the SDKs' variables that lead every AWS call to this endpoint, with credentials of no worth."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ENDPOINT_URL_S3": endpoint,
        "AWS_ENDPOINT_URL_DYNAMODB": endpoint,
        "AWS_ENDPOINT_URL_SESV2": endpoint,
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        "AWS_ACCESS_KEY_ID": "mavprep",
        "AWS_SECRET_ACCESS_KEY": "mavprep",
        "AWS_REGION": _REGION,
        "AWS_DEFAULT_REGION": _REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def ensure_running(home: Path) -> str:
    """Return the endpoint of the home's AWS server, started (and then empty) if it is not running.

    It runs beside the commands until `stop`. Safe to call from several processes at once.

    Raises:
        Misconfigured: the folder cannot be written.
        Temporary: it did not start in time.
    """
    folder = home.resolve() / "aws"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(
            f"the folder {folder} cannot be made ({error.strerror})",
            "Name a folder you can write to in MAVPREP_HOME",
        ) from None
    with detached.alone(folder / "start.lock"):
        return _awaited(home) or _start(home)


def find_running(home: Path) -> str | None:
    """Return the endpoint of the home's AWS server; null if none is running."""
    folder = home.resolve() / "aws"
    state = _read_state(folder)
    if state is None or not detached.is_held(folder / "running.lock"):
        return None
    return f"http://{ADDRESS}:{state['port']}" if _answers(state["port"]) else None


def stop(home: Path) -> None:
    """Stop the home's AWS server, and all that is in it; nothing happens if it is not running."""
    folder = home.resolve() / "aws"
    lock, state = folder / "running.lock", _read_state(folder)
    if state and detached.is_held(lock):
        detached.stop(state["pid"], lock, ServerUser(), ["TERM", "KILL"])


def write_state(path: Path, port: int) -> None:
    """Note this process as the server on that port, all at once."""
    partial = path.with_suffix(".new")
    partial.write_text(json.dumps({"pid": os.getpid(), "port": port}))
    partial.replace(path)


def parse_state(text: str) -> dict[str, int] | None:
    """Read what `write_state` wrote; null if it is damaged."""
    try:
        state = json.loads(text)
        return {"pid": int(state["pid"]), "port": int(state["port"])}
    except (ValueError, TypeError, KeyError):
        return None


def _read_state(folder: Path) -> dict[str, int] | None:
    path = folder / "server.json"
    return parse_state(path.read_text()) if path.is_file() else None


def _answers(port: int) -> bool:
    connection = HTTPConnection(ADDRESS, port, timeout=5)
    try:
        connection.request("GET", "/moto-api/")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _start(home: Path) -> str:
    folder = home.resolve() / "aws"
    state, log = folder / "server.json", folder / "server.log"
    state.unlink(missing_ok=True)
    python_path = [str(_IMPORT_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    process_environment = {**os.environ, "PYTHONPATH": os.pathsep.join(python_path)}
    command = [sys.executable, "-m", _PROCESS, str(state)]
    detached.launch(command, folder / "running.lock", log, ServerUser(), process_environment)
    if endpoint := _awaited(home):
        return endpoint
    last_line = log.read_text(errors="replace").strip().rpartition("\n")[2]
    raise Temporary(f"the embedded AWS server did not start: {last_line}", f"Look into {log}")


def _awaited(home: Path) -> str | None:
    """The endpoint of a server that runs or is just starting; null as soon as there is none."""
    lock = home.resolve() / "aws" / "running.lock"
    detached.eventually(
        lambda: find_running(home) is not None or not detached.is_held(lock), _START_SECONDS
    )
    return find_running(home)
