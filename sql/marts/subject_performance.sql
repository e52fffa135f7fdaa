-- what: one row per student, subject and local date with an eligible attempt
-- reads: core_attempts, eligible_attempts, question_numbers
-- why: the product's own table of daily performance, with exactly its columns
-- notes: levels from difficultyBreakdown where the attempt has one, else from its answers; means are rounded half away from zero in whole numbers
with numbered as (
    select
        user_id,
        test_id,
        attempt_key,
        subject_id,
        local_day,
        percentage_score,
        time_spent_seconds,
        correct_answers,
        correct_answers + incorrect_answers as questions,
        row_number() over (order by user_id, test_id, attempt_key) as attempt
    from eligible_attempts
    where is_known_user and subject_id is not null
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
    where written.easy_total is null
),

answered as (
    select
        entries.attempt,
        count(*) filter (where questions.band = 1 and entries.answer.is_correct) as easy_correct,
        count(*) filter (where questions.band = 1) as easy_total,
        count(*) filter (where questions.band = 2 and entries.answer.is_correct) as medium_correct,
        count(*) filter (where questions.band = 2) as medium_total,
        count(*) filter (where questions.band = 3 and entries.answer.is_correct) as hard_correct,
        count(*) filter (where questions.band = 3) as hard_total
    from entries
    inner join question_numbers as questions
        on lower(entries.answer.question_ref) = questions.question_id
    group by entries.attempt
),

levels as (
    select
        numbered.*,
        coalesce(written.easy_correct, answered.easy_correct, 0) as easy_correct,
        coalesce(written.easy_total, answered.easy_total, 0) as easy_total,
        coalesce(written.medium_correct, answered.medium_correct, 0) as medium_correct,
        coalesce(written.medium_total, answered.medium_total, 0) as medium_total,
        coalesce(written.hard_correct, answered.hard_correct, 0) as hard_correct,
        coalesce(written.hard_total, answered.hard_total, 0) as hard_total
    from numbered
    inner join core_attempts as written
        on
            numbered.user_id = written.user_id
            and numbered.test_id = written.test_id
            and numbered.attempt_key = written.attempt_key
    left join answered on numbered.attempt = answered.attempt
),

days as (
    select
        user_id,
        subject_id,
        local_day,
        count(*) as attempts,
        cast(sum(questions) as bigint) as questions,
        cast(sum(correct_answers) as bigint) as correct,
        cast(
            floor(cast(sum(percentage_score) as decimal(34, 20)) * cast(200 as decimal(3, 0)))
            as bigint
        ) as percent_twice,
        cast(sum(time_spent_seconds) * 1000000 as bigint) as micros,
        cast(sum(easy_correct) as bigint) as easy_correct,
        cast(sum(easy_total) as bigint) as easy_total,
        cast(sum(medium_correct) as bigint) as medium_correct,
        cast(sum(medium_total) as bigint) as medium_total,
        cast(sum(hard_correct) as bigint) as hard_correct,
        cast(sum(hard_total) as bigint) as hard_total
    from levels
    group by user_id, subject_id, local_day
)

select
    user_id,
    subject_id,
    local_day as date,
    attempts as tests_taken,
    questions as questions_answered,
    correct as correct_answers,
    cast(
        cast((percent_twice + attempts) // nullif(2 * attempts, 0) as decimal(5, 0)) * 0.01
        as decimal(5, 2)
    ) as average_score,
    (2 * micros + 60000000) // 120000000 as study_time_minutes,
    easy_correct,
    easy_total,
    medium_correct,
    medium_total,
    hard_correct,
    hard_total
from days
