"""The process of an AWS server that runs beside the commands: `python -m … STATE_FILE`, started by `aws`.

It notes its process and port in that file once it serves, and ends at once with SIGTERM: nothing in it
is worth saving.
"""

import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

from mavprep_analytics.embedded.aws import EmbeddedAws, write_state


def main(state: Path) -> None:
    """Serve until a signal ends this process."""
    with EmbeddedAws() as aws:
        write_state(state, urlsplit(aws.endpoint).port or 0)
        threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
