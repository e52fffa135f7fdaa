"""The SQL of the pages by name: `sql/dashboard/<name>.sql` with `$name` parameters, made ready for psycopg."""

import re
from functools import cache

from mavprep_analytics.packaged_files import read_packaged

_PARAMETER = re.compile(r"\$([a-z_]+)")


@cache
def statement(name: str) -> bytes:
    """Return a statement with `%(name)s` parameters.

    Args:
        name: the file without folder and suffix.

    Raises:
        Misconfigured: there is no such file.
    """
    text = read_packaged(f"sql/dashboard/{name}.sql").replace("%", "%%")
    body = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    return _PARAMETER.sub(r"%(\1)s", body).encode()
