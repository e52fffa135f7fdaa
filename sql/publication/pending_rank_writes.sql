-- What: one row per pending task, at most a batch of them.
-- Reads: analytics_rank_writes.
-- Why: the work that is left, whoever left it.
-- Notes: in order of a hash, so that neighbouring keys do not heat one partition.
select
    task.user_id,
    task.table_arn,
    task.global_rank,
    task.university_rank,
    task.subject_ranks,
    task.ranks_as_of
from analytics_rank_writes as task
where task.status = 'pending'
order by md5(task.user_id)
limit $batch
