"""DynamoDB exports in S3 or a folder: found, chosen, verified, decoded and merged into the core tables.

```
discovery ─► chain ─► reading (places, lines, decoding by kinds) ─► runs ─► merging ─► state ─► lake
 manifests   which     one file: fetch, md5, gunzip, rows            sorted   per month   one commit
```

An export is taken whole or not at all, and every line of it is accounted for. Only `places` does I/O on the
exports' store; `chain`, `manifests`, `routing`, `kinds` and `ledger` are pure.
"""

from mavprep_analytics.exports.ingest import Ingested, Limits, ingest

__all__ = ["Ingested", "Limits", "ingest"]
