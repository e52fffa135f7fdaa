-- What: one row: the newest publication, held against publishers to the transaction's end.
-- Reads: analytics_publication_fence.
-- Why: what DynamoDB answered is noted only while the tasks are still those that were sent.
-- Notes: several writers may hold it together.
select f.sequence
from analytics_publication_fence as f
for share
