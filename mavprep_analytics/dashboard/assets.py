"""The static files: read once, named by their content, compressed once, cached for ever by browsers."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from mavprep_analytics.dashboard.faults import NotFound

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class _Asset:
    content: bytes
    packed: bytes
    media_type: str


class Assets:
    """Serves the files of a folder under `<digest>/<name>`."""

    def __init__(self, folder: Path) -> None:
        self._addresses: dict[str, str] = {}
        self._files: dict[str, _Asset] = {}
        for path in sorted(folder.rglob("*")):
            if path.suffix in _TYPES:
                self._add(path.relative_to(folder).as_posix(), path.read_bytes(), path.suffix)

    def address(self, name: str) -> str:
        """Return `<digest>/<name>` of a file; it changes with the content."""
        return self._addresses[name]

    def serve(self, request: Request) -> Response:
        """Answer with a file, compressed if the browser takes it."""
        asset = self._files.get(request.path_params["address"])
        if asset is None:
            raise NotFound("There is no such file.")
        headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            packed = headers | {"Content-Encoding": "gzip"}
            return Response(asset.packed, media_type=asset.media_type, headers=packed)
        identity = headers | {"Content-Encoding": "identity"}
        return Response(asset.content, media_type=asset.media_type, headers=identity)

    def _add(self, name: str, content: bytes, suffix: str) -> None:
        address = f"{hashlib.sha256(content).hexdigest()[:12]}/{name}"
        self._addresses[name] = address
        self._files[address] = _Asset(content, gzip.compress(content, 9, mtime=0), _TYPES[suffix])
