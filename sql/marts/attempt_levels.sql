-- what: one row per attempt with answers, with how many of them are of which difficulty
-- reads: core_attempts, question_numbers
-- why: the one place that unfolds answers for what concerns whole attempts, so that a night unfolds its own alone
-- notes: eligible or not; answers to unknown questions count as answers and in no level
with numbered as (
    select
        user_id,
        test_id,
        attempt_key,
        row_number() over (order by user_id, test_id, attempt_key) as attempt
    from core_attempts
),

entries as (
    select
        numbered.attempt,
        unnest(written.answers) as answer
    from core_attempts as written
    inner join numbered
        on
            written.user_id = numbered.user_id
            and written.test_id = numbered.test_id
            and written.attempt_key = numbered.attempt_key
),

counted as (
    select
        entries.attempt,
        count(*) as answers,
        count(*) filter (where questions.band = 1 and entries.answer.is_correct) as easy_correct,
        count(*) filter (where questions.band = 1) as easy_total,
        count(*) filter (where questions.band = 2 and entries.answer.is_correct) as medium_correct,
        count(*) filter (where questions.band = 2) as medium_total,
        count(*) filter (where questions.band = 3 and entries.answer.is_correct) as hard_correct,
        count(*) filter (where questions.band = 3) as hard_total
    from entries
    left join question_numbers as questions
        on lower(entries.answer.question_ref) = questions.question_id
    group by entries.attempt
)

select
    numbered.user_id,
    numbered.test_id,
    numbered.attempt_key,
    counted.answers,
    counted.easy_correct,
    counted.easy_total,
    counted.medium_correct,
    counted.medium_total,
    counted.hard_correct,
    counted.hard_total
from counted
inner join numbered on counted.attempt = numbered.attempt
order by counted.attempt
