-- what: one row per catalogue question, with the chance that a student answers it right
-- reads: first_answers, question_numbers
-- why: difficulty enters mastery here and only here
-- notes: shrunk from band default to topic to topic and band to question with 10, 20 and 5 pseudo-answers
with counted as (
    select
        question,
        count(*) as answers,
        cast(sum(case when is_correct then 1 else 0 end) as bigint) as correct
    from first_answers
    where utc_day <= $reading_day - 7
    group by question
),

questions as (
    select
        numbers.question_id,
        numbers.topic_id,
        numbers.difficulty,
        numbers.topic,
        numbers.band,
        coalesce(counted.answers, 0) as answers,
        coalesce(counted.correct, 0) as correct,
        case numbers.band when 1 then 0.80e0 when 3 then 0.50e0 else 0.65e0 end as default_rate
    from question_numbers as numbers
    left join counted on numbers.question = counted.question
),

topics as (
    select
        topic,
        cast(sum(answers) as bigint) as answers,
        cast(sum(correct) as bigint) as correct
    from questions
    group by topic
),

topic_bands as (
    select
        questions.topic,
        questions.band,
        cast(sum(questions.answers) as bigint) as answers,
        cast(sum(questions.correct) as bigint) as correct,
        (min(topics.correct) + 10 * min(questions.default_rate))
        / nullif(min(topics.answers) + 10, 0) as topic_rate
    from questions
    inner join topics on questions.topic = topics.topic
    group by questions.topic, questions.band
),

rates as (
    select
        questions.*,
        (
            questions.correct
            + 5 * (bands.correct + 20 * bands.topic_rate) / nullif(bands.answers + 20, 0)
        )
        / nullif(questions.answers + 5, 0) as rate
    from questions
    inner join topic_bands as bands
        on questions.topic = bands.topic and questions.band = bands.band
)

select
    question_id,
    topic_id,
    difficulty,
    answers,
    correct,
    cast(floor(least(greatest(rate, 0.02e0), 0.98e0) * 1000000 + 0.5e0) as bigint)
        as rate_millionths
from rates
