-- What: one row: the sequence of the newest publication, locked to the end of the transaction.
-- Reads: analytics_publication_fence.
-- Why: who holds this row is the only publisher; what he reads decides whether he may publish.
-- Notes: 0 before the first publication.
select f.sequence
from analytics_publication_fence as f
for update
