-- what: one row per student and node of the tree with evidence, read at one depth, now and a week before
-- reads: mastery_chain, mastery_nodes, node_rates
-- why: each node leans on its parent: on the root as on 15 answers, below as on 30
-- notes: run once per depth from the root down; mastery_chain holds the depth above, nothing for the root; both readings in one row, so that no join has to bring them together
with sums as (
    select
        nodes.student,
        nodes.node,
        nodes.answers,
        nodes.last_day,
        nodes.correct_nanos / 1e9 as correct,
        nodes.total_nanos / 1e9 as total,
        nodes.previous_correct_nanos / 1e9 as previous_correct,
        nodes.previous_total_nanos / 1e9 as previous_total,
        rates.rate as node_rate,
        rates.previous_rate as previous_node_rate,
        coalesce(
            nodes.expected_nanos / nullif(cast(nodes.total_nanos as double), 0), rates.rate, 0.65e0
        ) as expected,
        coalesce(
            nodes.previous_expected_nanos
            / nullif(cast(nodes.previous_total_nanos as double), 0),
            rates.previous_rate,
            0.65e0
        ) as previous_expected,
        coalesce(parents.theta, 0e0) as parent_theta,
        coalesce(parents.variance, 0e0) as parent_variance,
        coalesce(parents.previous_theta, 0e0) as previous_parent_theta,
        coalesce(parents.previous_variance, 0e0) as previous_parent_variance,
        nodes.previous_answers > 0 as is_read_before,
        case when $depth = 0 then 15e0 else 30e0 end as strength
    from mastery_nodes as nodes
    left join node_rates as rates on nodes.node = rates.node
    left join mastery_chain as parents
        on nodes.student = parents.student and nodes.parent = parents.node
    where nodes.depth = $depth
),

expectations as (
    select
        sums.*,
        ln(expected / nullif(1 - expected, 0)) as expected_logit,
        ln(previous_expected / nullif(1 - previous_expected, 0)) as previous_expected_logit,
        coalesce(node_rate, expected) as new_rate,
        coalesce(previous_node_rate, previous_expected) as previous_new_rate
    from sums
),

predicted as (
    select
        expectations.*,
        1 / nullif(1 + exp(-expected_logit - parent_theta), 0) as prior_chance,
        1 / nullif(1 + exp(-previous_expected_logit - previous_parent_theta), 0)
            as previous_prior_chance
    from expectations
),

counted as (
    select
        predicted.*,
        correct + strength * prior_chance as alpha,
        total - correct + strength * (1 - prior_chance) as beta,
        strength / nullif(strength + total, 0) as lean,
        previous_correct + strength * previous_prior_chance as previous_alpha,
        previous_total - previous_correct + strength * (1 - previous_prior_chance)
            as previous_beta,
        strength / nullif(strength + previous_total, 0) as previous_lean
    from predicted
),

deviations as (
    select
        student,
        node,
        answers,
        last_day,
        is_read_before,
        ln(new_rate / nullif(1 - new_rate, 0)) as new_logit,
        ln(alpha / nullif(beta, 0)) - expected_logit as theta,
        1 / nullif(alpha, 0) + 1 / nullif(beta, 0) + lean * lean * parent_variance as variance,
        ln(previous_new_rate / nullif(1 - previous_new_rate, 0)) as previous_new_logit,
        ln(previous_alpha / nullif(previous_beta, 0)) - previous_expected_logit as previous_theta,
        1 / nullif(previous_alpha, 0)
        + 1 / nullif(previous_beta, 0)
        + previous_lean * previous_lean * previous_parent_variance as previous_variance
    from counted
),

readings as (
    select
        deviations.*,
        1 / nullif(1 + exp(-new_logit - theta), 0) as mastery_share,
        1 / nullif(1 + exp(-new_logit - theta + 1.2816e0 * sqrt(2 * variance)), 0) as low_share,
        1 / nullif(1 + exp(-new_logit - theta - 1.2816e0 * sqrt(2 * variance)), 0) as high_share,
        1 / nullif(1 + exp(-previous_new_logit - previous_theta), 0) as previous_mastery_share
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
        cast(floor(high_share * 10000 + 0.5e0) / 10000 as decimal(5, 4)) as mastery_high,
        case when is_read_before then previous_theta end as previous_theta,
        case when is_read_before then previous_variance end as previous_variance,
        case
            when is_read_before
                then cast(
                    floor(previous_mastery_share * 10000 + 0.5e0) / 10000 as decimal(5, 4)
                )
        end as previous_mastery
    from readings
)

select
    $depth as depth,
    student,
    node,
    theta,
    variance,
    previous_theta,
    previous_variance,
    answers,
    last_day,
    mastery,
    mastery_low,
    mastery_high,
    case
        when mastery_high - mastery_low > 0.40 then 'not_enough_data'
        when mastery_low >= 0.80 then 'mastered'
        when mastery >= 0.70 then 'proficient'
        when mastery >= 0.50 then 'developing'
        else 'starting'
    end as level,
    previous_mastery
from rounded
