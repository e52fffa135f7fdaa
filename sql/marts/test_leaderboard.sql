-- what: one row per test and student with an eligible attempt
-- reads: best_attempts, core_identities, core_settings
-- why: the board of a test: everybody's best attempt, ranked by score and then by time
-- notes: equal (score, time) pairs share a rank; students without PROFILE are on no board; names only of those who show profile and progress
with ranked as (
    select
        *,
        rank() over (partition by test_id order by score desc, seconds asc) as rank,
        dense_rank() over (partition by test_id order by score desc, seconds asc) as dense_rank,
        count(*) over (partition by test_id order by score desc, seconds asc) as up_to,
        count(*) over (partition by test_id) as participants
    from best_attempts
),

counted as (
    select
        *,
        up_to - (rank - 1) as tie_size,
        participants - up_to as worse
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
    counted.seconds,
    counted.at_micros as achieved_at,
    case
        when settings.is_profile_visible and settings.shares_progress then identities.name
    end as display_name
from counted
left join core_settings as settings on counted.user_id = settings.user_id
left join core_identities as identities on counted.user_id = identities.user_id
