"""The process of an AWS server that runs beside the commands: `python -m … STATE_FILE`, started by `aws`.

It notes its process and port in that file once it serves, and ends with SIGTERM.
"""

import signal
import sys
from pathlib import Path
from urllib.parse import urlsplit

from mavprep_analytics.embedded.aws import EmbeddedAws, write_state


def main(state: Path) -> None:
    """Serve until SIGTERM."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # before the first thread
    with EmbeddedAws() as aws:
        write_state(state, urlsplit(aws.endpoint).port or 0)
        signal.sigwait({signal.SIGTERM})
    state.unlink(missing_ok=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
