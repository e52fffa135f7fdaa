-- What: keeps with each task the ranks that the exported item held when the task was noted.
-- Reads: analytics_rank_writes.
-- Why: an export that shows the same item as before knows nothing of what was written since.
-- Notes: '' never equals a digest, so tasks of before are compared with the next export once.
alter table analytics_rank_writes
drop column reputations_digest,
add column exported_ranks text not null default ''
