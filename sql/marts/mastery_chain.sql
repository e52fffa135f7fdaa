-- what: one row per student and node of the tree with evidence, read at one depth, now and a week before
-- reads: mastery_chain, mastery_nodes, node_rates
-- why: each node leans on its parent: on the root as on 15 answers, below as on 30
-- notes: run once per depth from the root down; mastery_chain holds the depth above, nothing for the root
with weeks as (
    select unnest([0, 1]) as weeks_ago
),

evidence as (
    select
        weeks.weeks_ago,
        nodes.student,
        nodes.node,
        nodes.parent,
        nodes.answers,
        nodes.last_day,
        case weeks.weeks_ago when 0 then nodes.correct_nanos else nodes.previous_correct_nanos end
            as correct_nanos,
        case
        weeks.weeks_ago when 0 then nodes.expected_nanos else nodes.previous_expected_nanos
        end as expected_nanos,
        case weeks.weeks_ago when 0 then nodes.total_nanos else nodes.previous_total_nanos end
            as total_nanos,
        case weeks.weeks_ago when 0 then rates.rate else rates.previous_rate end as node_rate
    from mastery_nodes as nodes
    cross join weeks
    left join node_rates as rates on nodes.node = rates.node
    where nodes.depth = $depth and (weeks.weeks_ago = 0 or nodes.previous_answers > 0)
),

sums as (
    select
        weeks_ago,
        student,
        node,
        parent,
        answers,
        last_day,
        node_rate,
        correct_nanos / 1e9 as correct,
        total_nanos / 1e9 as total,
        coalesce(
            expected_nanos / nullif(cast(total_nanos as double), 0), node_rate, 0.65e0
        ) as expected,
        case when $depth = 0 then 15e0 else 30e0 end as strength
    from evidence
),

leaning as (
    select
        sums.*,
        ln(sums.expected / nullif(1 - sums.expected, 0)) as expected_logit,
        coalesce(sums.node_rate, sums.expected) as new_rate,
        coalesce(
            case sums.weeks_ago when 0 then parents.theta else parents.previous_theta end, 0e0
        ) as parent_theta,
        coalesce(
            case sums.weeks_ago when 0 then parents.variance else parents.previous_variance end, 0e0
        ) as parent_variance
    from sums
    left join mastery_chain as parents
        on sums.student = parents.student and sums.parent = parents.node
),

predicted as (
    select
        leaning.*,
        1 / nullif(1 + exp(-expected_logit - parent_theta), 0) as prior_chance
    from leaning
),

counted as (
    select
        predicted.*,
        correct + strength * prior_chance as alpha,
        total - correct + strength * (1 - prior_chance) as beta,
        strength / nullif(strength + total, 0) as lean
    from predicted
),

deviations as (
    select
        weeks_ago,
        student,
        node,
        answers,
        last_day,
        ln(new_rate / nullif(1 - new_rate, 0)) as new_logit,
        ln(alpha / nullif(beta, 0)) - expected_logit as theta,
        1 / nullif(alpha, 0) + 1 / nullif(beta, 0) + lean * lean * parent_variance as variance
    from counted
),

readings as (
    select
        deviations.*,
        1 / nullif(1 + exp(-new_logit - theta), 0) as mastery_share,
        1 / nullif(1 + exp(-new_logit - theta + 1.2816e0 * sqrt(2 * variance)), 0) as low_share,
        1 / nullif(1 + exp(-new_logit - theta - 1.2816e0 * sqrt(2 * variance)), 0) as high_share
    from deviations
),

rounded as (
    select
        weeks_ago,
        student,
        node,
        theta,
        variance,
        answers,
        last_day,
        cast(floor(mastery_share * 10000 + 0.5e0) / 10000 as decimal(5, 4)) as mastery,
        cast(floor(low_share * 10000 + 0.5e0) / 10000 as decimal(5, 4)) as mastery_low,
        cast(floor(high_share * 10000 + 0.5e0) / 10000 as decimal(5, 4)) as mastery_high
    from readings
)

select
    $depth as depth,
    rounded.student,
    rounded.node,
    rounded.theta,
    rounded.variance,
    earlier.theta as previous_theta,
    earlier.variance as previous_variance,
    rounded.answers,
    rounded.last_day,
    rounded.mastery,
    rounded.mastery_low,
    rounded.mastery_high,
    case
        when rounded.mastery_high - rounded.mastery_low > 0.40 then 'not_enough_data'
        when rounded.mastery_low >= 0.80 then 'mastered'
        when rounded.mastery >= 0.70 then 'proficient'
        when rounded.mastery >= 0.50 then 'developing'
        else 'starting'
    end as level,
    earlier.mastery as previous_mastery
from rounded
left join rounded as earlier
    on
        rounded.student = earlier.student
        and rounded.node = earlier.node
        and earlier.weeks_ago = 1
where rounded.weeks_ago = 0
