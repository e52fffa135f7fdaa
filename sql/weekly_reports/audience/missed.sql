-- What: one row per student of the chunk and topic with answers below it in the last four weeks.
-- Reads: chunk, graded_answers, topic_closure.
-- Why: "you missed 5 of 8" is a reason that a student can act on.
-- Notes: all eligible attempts count, $from_day to $to_day are UTC days, both inclusive.
with

recent as (
    select
        graded_answers.user_id,
        graded_answers.topic_id,
        sum(case when graded_answers.is_correct then 0 else 1 end) as missed,
        count(*) as answered
    from graded_answers
    inner join chunk on graded_answers.user_id = chunk.user_id
    where graded_answers.utc_day between $from_day and $to_day
    group by graded_answers.user_id, graded_answers.topic_id
)

select
    recent.user_id,
    topic_closure.ancestor_id as topic_id,
    cast(sum(recent.missed) as bigint) as missed,
    cast(sum(recent.answered) as bigint) as answered
from recent
inner join topic_closure on recent.topic_id = topic_closure.topic_id
group by recent.user_id, topic_closure.ancestor_id
order by recent.user_id, topic_closure.ancestor_id
