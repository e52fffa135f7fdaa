-- what: one row per test and student with an eligible attempt
-- reads: best_attempts, core_identities, core_settings, known_students
-- why: the board of a test: everybody's best attempt, ranked by score and then by time
-- notes: equal (score, time) pairs share a rank; students without PROFILE are on no board; names only of those who show profile and progress; texts become numbers for the ranks, and texts again at the last
with tests as (
    select
        test_id,
        max(test_template_id) as test_template_id,
        count(*) as participants,
        cast(row_number() over (order by test_id) as integer) as test
    from best_attempts
    group by test_id
),

students as (
    select
        known.student,
        known.user_id,
        case
            when settings.is_profile_visible and settings.shares_progress then identities.name
        end as display_name
    from known_students as known
    left join core_settings as settings on known.user_id = settings.user_id
    left join core_identities as identities on known.user_id = identities.user_id
),

ranked as (
    select
        tests.test,
        known.student,
        best.attempts,
        best.score,
        best.seconds,
        best.at_micros,
        rank() over (partition by tests.test order by best.score desc, best.seconds asc) as rank,
        dense_rank() over (partition by tests.test order by best.score desc, best.seconds asc)
            as dense_rank,
        count(*) over (partition by tests.test order by best.score desc, best.seconds asc)
            as up_to
    from best_attempts as best
    inner join tests on best.test_id = tests.test_id
    inner join known_students as known on best.user_id = known.user_id
)

select
    tests.test_id,
    tests.test_template_id,
    students.user_id,
    ranked.rank,
    ranked.dense_rank,
    ranked.up_to - ranked.rank + 1 as tie_size,
    tests.participants,
    cast(
        cast(
            (
                20000 * (tests.participants - ranked.up_to)
                + 10000 * (ranked.up_to - ranked.rank + 1)
                + tests.participants
            ) // nullif(2 * tests.participants, 0) as decimal(5, 0)
        ) * 0.01 as decimal(5, 2)
    ) as percentile,
    ranked.attempts,
    ranked.score,
    ranked.seconds,
    ranked.at_micros as achieved_at,
    students.display_name
from ranked
inner join tests on ranked.test = tests.test
inner join students on ranked.student = students.student
order by ranked.test, ranked.student
