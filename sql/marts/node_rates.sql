-- what: one row per node that covers an active catalogue question, with their mean rate, this week and the week before
-- reads: question_numbers, question_rates, topic_lineage
-- why: mastery is the chance of a right answer to a new question of the node; these are its questions
-- notes: a share between 0.02 and 0.98; nodes without active questions are not here
with questions as (
    select
        numbers.topic,
        numbers.band,
        rates.rate_millionths,
        rates.previous_rate_millionths
    from question_numbers as numbers
    inner join question_rates as rates on numbers.question_id = rates.question_id
    where numbers.is_active
),

covered as (
    select
        lineage.node,
        questions.rate_millionths,
        questions.previous_rate_millionths
    from questions
    inner join topic_lineage as lineage on questions.topic = lineage.topic
    union all
    select
        band as node,
        rate_millionths,
        previous_rate_millionths
    from questions
    where band > 0
)

select
    node,
    cast(sum(rate_millionths) as bigint) / nullif(count(*) * 1e6, 0) as rate,
    cast(sum(previous_rate_millionths) as bigint) / nullif(count(*) * 1e6, 0) as previous_rate
from covered
group by node
