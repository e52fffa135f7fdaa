"""Where the Dagster instance of the command line lives, so that the UI shows the same runs. Telemetry stays off."""

import os
import shutil
from pathlib import Path

from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.settings import Settings

_HERE = Path(__file__).resolve().parent


def use_instance(settings: Settings) -> Path:
    """Point DAGSTER_HOME at the instance, before Dagster is imported, and return it.

    A DAGSTER_HOME that is set already is respected; else it is `<home>/dagster` with the project's own
    `dagster.yaml`.
    """
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    configured = os.environ.get("DAGSTER_HOME")
    if configured:
        return Path(configured)
    home = (settings.home / "dagster").resolve()
    home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_packaged_yaml(), home / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = str(home)
    return home


def _packaged_yaml() -> Path:
    for folder in (_HERE.parent, _HERE):
        if (folder / "dagster.yaml").is_file():
            return folder / "dagster.yaml"
    raise Misconfigured("dagster.yaml is missing from the installation", "Reinstall the package")
