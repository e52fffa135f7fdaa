"""The Parquet lake: content-addressed files, and numbered versions that name them. One rule: a reader sees one version.

```
data/<table>/<sha256>.parquet     written first, never changed, shared between versions
versions/00000012.json            written last, put-if-absent: the commit
```

A version lists, for every table, its files with rows and sha256, and the digests of the inputs it was
built from, so that an unchanged table need not be built again.
"""

from mavprep_analytics.lake.lake import Lake
from mavprep_analytics.lake.version import DataFile, TableEntry, Version

__all__ = ["DataFile", "Lake", "TableEntry", "Version"]
