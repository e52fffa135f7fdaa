"""Lake marts into Postgres in one fenced transaction; then ranks into DynamoDB as repeatable tasks.

Here belong the transaction, its ledger, the migrations of the published tables, and erasure. What the
numbers mean does not: they are published as the lake holds them.
"""

from mavprep_analytics.publication.ledger import Publication, last_published_before, newest
from mavprep_analytics.publication.news import publish_news
from mavprep_analytics.publication.publish import Published, publish, published_tables
from mavprep_analytics.publication.upsert import TableChange

__all__ = [
    "Publication",
    "Published",
    "TableChange",
    "last_published_before",
    "newest",
    "publish",
    "publish_news",
    "published_tables",
]
