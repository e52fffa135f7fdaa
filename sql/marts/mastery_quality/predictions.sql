-- what: one row per first answer of the week and model, with the chance that the model gave it
-- reads: asked_questions, question_numbers, question_rates
-- why: mastery is measured beside percent correct, which is what most products show
-- notes: in millionths; percent correct is 1 to 99 %, and the topic's rate where the student had no answer in it
with topics as (
    select
        numbers.topic,
        (cast(sum(rates.previous_correct) as bigint) + 6.5e0)
        / nullif(cast(sum(rates.previous_answers) as bigint) + 10, 0) as rate
    from question_rates as rates
    inner join question_numbers as numbers on rates.question_id = numbers.question_id
    group by numbers.topic
),

chances as (
    select
        'mastery' as model,
        student,
        is_correct,
        1 / nullif(
            1 + exp(
                0 - ln(rate_millionths / nullif(cast(1000000 - rate_millionths as double), 0))
                - coalesce(theta, 0e0)
            ),
            0
        ) as chance
    from asked_questions
    union all
    select
        'percent_correct' as model,
        asked.student,
        asked.is_correct,
        least(
            greatest(
                coalesce(
                    asked.earlier_correct / nullif(cast(asked.earlier_answers as double), 0),
                    topics.rate
                ),
                0.01e0
            ),
            0.99e0
        ) as chance
    from asked_questions as asked
    inner join topics on asked.topic = topics.topic
)

select
    model,
    student,
    is_correct,
    least(greatest(cast(floor(chance * 1000000 + 0.5e0) as bigint), 1), 999999)
        as chance_millionths
from chances
