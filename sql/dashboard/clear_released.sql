-- What: empties analytics_released_aggregates.
-- Reads: nothing.
-- Why: a release is written whole, in the transaction of its publication.
-- Notes: readers see the old rows until that transaction commits.
delete from analytics_released_aggregates
