-- What: notes what DynamoDB answered to a batch of tasks.
-- Reads: analytics_rank_writes.
-- Why: a settled task is not repeated; one that is not settled is, harmlessly.
-- Notes: in the transaction that shares the fence.
update analytics_rank_writes as task
set
    status = answer.status,
    settled_at = current_timestamp
from unnest($user_ids::text[], $statuses::text[]) as answer (user_id, status)
where task.user_id = answer.user_id and task.status = 'pending'
