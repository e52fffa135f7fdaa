-- What: notes a pending task per student whose item is not known to have his ranks.
-- Reads: wanted_ranks, analytics_rank_writes.
-- Why: tasks appear in the transaction of the ranks; writing them is repeated until it is done.
-- Notes: while a task is current the ledger decides, else the export does.
--        A superseded item is tried again only by a later date.
insert into analytics_rank_writes as task (
    user_id,
    table_arn,
    global_rank,
    university_rank,
    subject_ranks,
    ranks_as_of,
    exported_ranks,
    status
)
select
    wanted.user_id,
    wanted.table_arn,
    wanted.global_rank,
    wanted.university_rank,
    wanted.subject_ranks,
    $as_of,
    wanted.exported_ranks,
    'pending'
from wanted_ranks as wanted
left join analytics_rank_writes as known
    on wanted.user_id = known.user_id and wanted.is_task_current
where
    case
        when known.user_id is null then not wanted.is_in_item
        when known.status = 'superseded' and known.ranks_as_of < $as_of then true
        else
            (known.global_rank, known.university_rank, known.subject_ranks)
            is distinct from (wanted.global_rank, wanted.university_rank, wanted.subject_ranks)
    end
order by wanted.user_id
on conflict (user_id) do update set
    table_arn = excluded.table_arn,
    global_rank = excluded.global_rank,
    university_rank = excluded.university_rank,
    subject_ranks = excluded.subject_ranks,
    ranks_as_of = excluded.ranks_as_of,
    exported_ranks = excluded.exported_ranks,
    status = 'pending',
    settled_at = null
