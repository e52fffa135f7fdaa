-- what: one row per student with PROFILE and local date with an attempt or a DAILY item
-- reads: core_daily_activities, resolved_attempts, student_zones
-- why: what a student did on a day is what the DAILY item of that date says, else what the attempts say
-- notes: tests, questions, correct and minutes are of the DAILY item or of eligible attempts; is_active also counts a completed attempt that is not graded yet
with attempted as (
    select
        user_id,
        local_day as day,
        count(*) filter (where is_eligible) as tests,
        cast(
            sum(case when is_eligible then correct_answers + incorrect_answers else 0 end)
            as bigint
        ) as questions,
        cast(sum(case when is_eligible then correct_answers else 0 end) as bigint) as correct,
        cast(
            sum(case when is_eligible then time_spent_seconds else 0 end) * 1000000
            as bigint
        ) as micros
    from resolved_attempts
    where is_known_user and is_completed
    group by user_id, local_day
),

noted as (
    select
        daily.user_id,
        date_diff('day', cast('1970-01-01' as date), daily.activity_date) as day,
        daily.tests_completed,
        daily.questions_answered,
        daily.correct_answers,
        cast(
            floor(cast(daily.study_time_minutes as decimal(34, 20)) * cast(2 as decimal(3, 0)))
            as bigint
        ) as minutes_twice,
        daily.flashcards_reviewed,
        daily.tests_completed > 0
        or daily.questions_answered > 0
        or daily.correct_answers > 0
        or daily.study_time_minutes > 0
        or daily.videos_watched > 0
        or daily.flashcards_reviewed > 0 as is_filled
    from core_daily_activities as daily
    inner join student_zones as students on daily.user_id = students.user_id
),

days as (
    select
        user_id,
        day
    from attempted
    union
    select
        user_id,
        day
    from noted
)

select
    days.user_id,
    days.day,
    coalesce(noted.tests_completed, attempted.tests) as tests,
    coalesce(noted.questions_answered, attempted.questions) as questions,
    coalesce(noted.correct_answers, attempted.correct) as correct,
    coalesce(
        (noted.minutes_twice + 1) // 2,
        (2 * attempted.micros + 60000000) // 120000000
    ) as minutes,
    coalesce(noted.flashcards_reviewed, 0) as flashcards,
    coalesce(noted.is_filled, false) or attempted.user_id is not null as is_active,
    coalesce(noted.is_filled, false) or coalesce(attempted.tests, 0) > 0 as counts_as_activity
from days
left join attempted on days.user_id = attempted.user_id and days.day = attempted.day
left join noted on days.user_id = noted.user_id and days.day = noted.day
