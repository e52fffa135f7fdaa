-- What: deletes tasks of students without ranks, and those that a newer export shows as done.
-- Reads: analytics_rank_writes, wanted_ranks.
-- Why: a task is for ranks that stand and that the item lacks.
-- Notes: current tasks stay: what they wrote is newer than the export.
delete from analytics_rank_writes as task
where not exists (
    select 1
    from wanted_ranks as wanted
    where
        wanted.user_id = task.user_id
        and (wanted.is_task_current or not wanted.is_in_item)
)
