-- what: one row per student, subject and local date with an eligible attempt
-- reads: attempt_levels, core_attempts, eligible_attempts
-- why: the product's own table of daily performance, with exactly its columns
-- notes: levels from difficultyBreakdown where the attempt has one, else from its answers; means are rounded half away from zero in whole numbers
with levels as (
    select
        attempts.user_id,
        attempts.subject_id,
        attempts.local_day,
        attempts.percentage_score,
        attempts.time_spent_seconds,
        attempts.correct_answers,
        attempts.correct_answers + attempts.incorrect_answers as questions,
        coalesce(written.easy_correct, answered.easy_correct, 0) as easy_correct,
        coalesce(written.easy_total, answered.easy_total, 0) as easy_total,
        coalesce(written.medium_correct, answered.medium_correct, 0) as medium_correct,
        coalesce(written.medium_total, answered.medium_total, 0) as medium_total,
        coalesce(written.hard_correct, answered.hard_correct, 0) as hard_correct,
        coalesce(written.hard_total, answered.hard_total, 0) as hard_total
    from eligible_attempts as attempts
    inner join core_attempts as written
        on
            attempts.user_id = written.user_id
            and attempts.test_id = written.test_id
            and attempts.attempt_key = written.attempt_key
    left join attempt_levels as answered
        on
            attempts.user_id = answered.user_id
            and attempts.test_id = answered.test_id
            and attempts.attempt_key = answered.attempt_key
    where attempts.is_known_user and attempts.subject_id is not null
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
