-- What: one row per student of the chunk and topic with answers below it in the last four weeks.
-- Reads: catalogue_questions, chunk, core_attempts, topic_closure.
-- Why: "you missed 5 of 8" is a reason that a student can act on.
-- Notes: all eligible attempts count, $from_day to $to_day are UTC days, both inclusive.
with

answers as (
    select
        core_attempts.user_id,
        unnest(core_attempts.answers) as answer
    from core_attempts
    inner join chunk on core_attempts.user_id = chunk.user_id
    where
        core_attempts.is_completed
        and core_attempts.is_graded
        and floor(
            coalesce(core_attempts.ended_at_micros, core_attempts.started_at_micros) / 86400000000
        ) between $from_day and $to_day
),

recent as (
    select
        answers.user_id,
        catalogue_questions.topic_id,
        sum(case when answers.answer.is_correct then 0 else 1 end) as missed,
        count(*) as answered
    from answers
    inner join catalogue_questions
        on lower(answers.answer.question_ref) = catalogue_questions.question_id
    group by answers.user_id, catalogue_questions.topic_id
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
