"""DynamoDB exports in S3 or a folder: found, chosen, verified, decoded and merged into the core tables.

```
discovery ─► chain ─► reading ─────────────────────────────► runs ─► merging ─► state ─► lake
 manifests             places  lines  decoding ─► rows       sorted   a month   one commit
 allowed                              kinds batches
```

A block of lines is a `text`. There are three ways to read a line, each slower and more patient than the one before,
and all give the same columns (`kinds` over a `batch`):

1. Lines of a full export that look alike are taken apart together, without an object per value (`shapes`); so are
   the lists inside attempts (`nesting`, `forms`). Both match `patterns` at many places of a text at once.
2. Any other line becomes a typed item (`readers`).
3. Whatever fails is read by itself (`careful`), which accepts it or says why not.

An export is taken whole or not at all, and every line of it is accounted for. Only `places` does I/O on the
exports' store; `chain`, `manifests`, `routing`, `kinds`, `careful` and `ledger` are pure.

The rules, and where they live:

* A table's state is its newest full export and exactly contiguous windows (`chain`). A gap, an overlap, a
  table made anew and an export whose bytes changed are refused; a window that came too early waits.
* An item is taken whole or quarantined whole (`kinds`, `careful`). An update that makes an item invalid
  removes the old version too.
* An item key lives in one DynamoDB table. Two tables that hold the same key are refused (`merging`), since
  nothing says which of them the product reads; an item that moved, deleted there and written here, is fine.
* A change whose OldImage is not what we hold, or that was written outside its window, is applied, counted as
  drift and warned of (`merging`, `decoding`).
* Items that lie in the future wait in the quarantine; once their day has come, the table's chain is read
  again (`ingestion`). Where its exports are gone by then, they wait for the next full export.
* Declared filtered exports are part of no chain, so absence from them deletes nothing (`declarations`).
* Core tables are sorted by key, in one file per UTC month of the key's timestamp, if it has one (`merging`,
  `state`). Equal states are equal bytes, and a month without changes is not written again.
"""

from mavprep_analytics.exports.ingestion import Ingested, Limits, ingest

__all__ = ["Ingested", "Limits", "ingest"]
