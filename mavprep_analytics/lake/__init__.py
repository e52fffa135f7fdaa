"""The Parquet lake: content-addressed files, and numbered versions that name them. One rule: a reader sees one version.

```
data/<table>/<sha256>.parquet     written first, never changed, shared between versions
versions/00000012.json            written last, put-if-absent: the commit
```

A version lists, for every table, its files with rows and sha256, and the digests of the inputs it was
built from, so that an unchanged table need not be built again. A table that is computed student by student may
have changes beside its files: the new rows of some students, which replace all their older ones. Who writes a
table anew and knows what is different in it may say so: its delta.
"""

from mavprep_analytics.lake.lake import Lake
from mavprep_analytics.lake.version import Change, DataFile, Delta, TableEntry, Version

__all__ = ["Change", "DataFile", "Delta", "Lake", "TableEntry", "Version"]
