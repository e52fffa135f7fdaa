-- what: one row per student, topic and day with results of attempts that have no answers
-- reads: known_students, mastery_tree, question_numbers, question_rates, topic_results
-- why: topicPerformance is all that such an attempt says; it counts as that many answers at the topic's rate
-- notes: what does not resolve is left out
with results as (
    select
        students.student,
        tree.node as topic,
        results.utc_day,
        cast(sum(results.total) as bigint) as answers,
        cast(sum(results.correct) as bigint) as correct
    from topic_results as results
    inner join known_students as students on results.user_id = students.user_id
    inner join mastery_tree as tree on tree.kind = 'topic' and results.topic_id = tree.node_id
    where results.total > 0 and results.utc_day <= $reading_day
    group by students.student, tree.node, results.utc_day
),

rates as (
    select
        numbers.topic,
        (cast(sum(rates.correct) as bigint) + 6.5e0)
        / nullif(cast(sum(rates.answers) as bigint) + 10, 0) as rate,
        (cast(sum(rates.previous_correct) as bigint) + 6.5e0)
        / nullif(cast(sum(rates.previous_answers) as bigint) + 10, 0) as previous_rate
    from question_rates as rates
    inner join question_numbers as numbers on rates.question_id = numbers.question_id
    group by numbers.topic
)

select
    results.student,
    results.topic,
    results.utc_day,
    results.answers,
    results.correct,
    cast(
        floor(
            least(greatest(coalesce(rates.rate, 0.65e0), 0.02e0), 0.98e0) * 1000000 + 0.5e0
        ) as bigint
    ) as rate_millionths,
    cast(
        floor(
            least(greatest(coalesce(rates.previous_rate, 0.65e0), 0.02e0), 0.98e0) * 1000000
            + 0.5e0
        ) as bigint
    ) as previous_rate_millionths
from results
left join rates on results.topic = rates.topic
