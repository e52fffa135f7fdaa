-- what: one row per UTC day with evidence, with the weight of an answer on it
-- reads: first_answers, half_life_phases, topic_evidence
-- why: the same whole number on every engine: round(2^((day - anchor) / 60) * 2^20)
-- notes: the anchor is moved every 1,826 days; over 1,290 days before it the weight is 0
with days as (
    select utc_day from first_answers
    where utc_day <= $reading_day
    union
    select utc_day from topic_evidence
),

aged as (
    select
        utc_day,
        utc_day - $reading_day // 1826 * 1826 + 60000 as shifted_day
    from days
),

halved as (
    select
        utc_day,
        shifted_day % 60 as phase,
        shifted_day // 60 - 1000 as half_lives
    from aged
),

scaled as (
    select
        halved.utc_day,
        halved.half_lives,
        phases.mantissa,
        cast(pow(2e0, 40 - greatest(halved.half_lives, -20)) as bigint) as divisor
    from halved
    inner join half_life_phases as phases on halved.phase = phases.phase
)

select
    utc_day,
    cast(
        case
            when half_lives < -21 then 0
            when half_lives = -21 then 1
            else (mantissa + divisor // 2) // nullif(divisor, 0)
        end as bigint
    ) as weight
from scaled
