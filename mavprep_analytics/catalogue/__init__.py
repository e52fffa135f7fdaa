"""The Postgres catalogue as lake tables, read in one snapshot, with the topic closure derived once.

Here belongs what the catalogue says. Resolving the references of attempts against it is done in SQL,
and nothing here writes to Postgres.
"""

from mavprep_analytics.catalogue.stage import CatalogueShrunk, Staged, stage
from mavprep_analytics.catalogue.topics import TopicCycle, slug

__all__ = ["CatalogueShrunk", "Staged", "TopicCycle", "slug", "stage"]
