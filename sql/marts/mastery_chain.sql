-- what: one row per student and node of the tree with evidence, read at one depth
-- reads: mastery_chain, mastery_nodes, node_rates
-- why: each node leans on its parent: on the root as on 15 answers, below as on 30
-- notes: run once per depth from the root down; mastery_chain holds the depth above, nothing for the root
with sums as (
    select
        nodes.student,
        nodes.node,
        nodes.parent,
        nodes.answers,
        nodes.last_day,
        nodes.correct_nanos / 1e9 as correct,
        nodes.total_nanos / 1e9 as total,
        coalesce(
            nodes.expected_nanos / nullif(cast(nodes.total_nanos as double), 0), rates.rate, 0.65e0
        ) as expected,
        rates.rate as node_rate,
        case when nodes.depth = 0 then 15e0 else 30e0 end as strength
    from mastery_nodes as nodes
    left join node_rates as rates on nodes.node = rates.node
    where nodes.depth = $depth
),

leaning as (
    select
        sums.*,
        ln(sums.expected / nullif(1 - sums.expected, 0)) as expected_logit,
        coalesce(sums.node_rate, sums.expected) as new_rate,
        coalesce(parents.theta, 0e0) as parent_theta,
        coalesce(parents.variance, 0e0) as parent_variance
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
    rounded.*,
    case
        when mastery_high - mastery_low > 0.40 then 'not_enough_data'
        when mastery_low >= 0.80 then 'mastered'
        when mastery >= 0.70 then 'proficient'
        when mastery >= 0.50 then 'developing'
        else 'starting'
    end as level
from rounded
