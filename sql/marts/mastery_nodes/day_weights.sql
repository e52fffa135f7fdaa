-- what: one row per day with evidence, with the weight of an answer on it, at this reading and a week before
-- reads: first_answers, half_life_phases, topic_evidence
-- why: the same whole number on every engine: round(10^9 * 2^((day - reading day) / 60))
-- notes: in billionths of an answer of the reading day; 0 for days after the reading; a mantissa times a power of two rounds once
with days as (
    select distinct utc_day from first_answers
    where utc_day <= $reading_day
    union
    select utc_day from topic_evidence
),

ages as (
    select
        utc_day,
        utc_day - $reading_day + 600000 as shifted_age,
        utc_day - $reading_day + 7 + 600000 as previous_shifted_age
    from days
)

select
    ages.utc_day,
    cast(
        floor(
            cast(phases.mantissa as double)
            * 1e9
            * pow(2e0, greatest(ages.shifted_age // 60 - 10000, -600) - 60)
            + 0.5e0
        ) as bigint
    ) as weight,
    case
        when ages.utc_day <= $reading_day - 7
            then cast(
                floor(
                    cast(previous_phases.mantissa as double)
                    * 1e9
                    * pow(2e0, greatest(ages.previous_shifted_age // 60 - 10000, -600) - 60)
                    + 0.5e0
                ) as bigint
            )
        else 0
    end as previous_weight
from ages
inner join half_life_phases as phases on ages.shifted_age % 60 = phases.phase
inner join half_life_phases as previous_phases
    on ages.previous_shifted_age % 60 = previous_phases.phase
