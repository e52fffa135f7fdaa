-- what: one row per test and student with an eligible attempt
-- reads: core_identities, core_settings, eligible_attempts
-- why: the board of a test: everybody's best attempt, ranked by score and then by time
-- notes: equal (score, time) pairs share a rank; students without PROFILE are on no board; names only of those who show profile and progress
with attempts as (
    select *
    from eligible_attempts
    where is_known_user
),

ordered as (
    select
        *,
        row_number() over (
            partition by test_id, user_id
            order by
                score desc,
                time_spent_seconds asc,
                at_micros asc,
                attempt_id asc,
                attempt_key asc
        ) as place,
        count(*) over (partition by test_id, user_id) as attempts
    from attempts
),

ranked as (
    select
        test_id,
        test_template_id,
        user_id,
        attempts,
        score,
        time_spent_seconds,
        at_micros,
        rank() over (partition by test_id order by score desc, time_spent_seconds asc) as rank,
        dense_rank() over (partition by test_id order by score desc, time_spent_seconds asc)
            as dense_rank,
        count(*) over (partition by test_id, score, time_spent_seconds) as tie_size,
        count(*) over (partition by test_id) as participants
    from ordered
    where place = 1
),

counted as (
    select
        *,
        participants - (rank - 1) - tie_size as worse
    from ranked
)

select
    counted.test_id,
    counted.test_template_id,
    counted.user_id,
    counted.rank,
    counted.dense_rank,
    counted.tie_size,
    counted.participants,
    cast(
        cast(
            (20000 * counted.worse + 10000 * counted.tie_size + counted.participants)
            // nullif(2 * counted.participants, 0) as decimal(5, 0)
        ) * 0.01 as decimal(5, 2)
    ) as percentile,
    counted.attempts,
    counted.score,
    counted.time_spent_seconds as seconds,
    counted.at_micros as achieved_at,
    case
        when settings.is_profile_visible and settings.shares_progress then identities.name
    end as display_name
from counted
left join core_settings as settings on counted.user_id = settings.user_id
left join core_identities as identities on counted.user_id = identities.user_id
