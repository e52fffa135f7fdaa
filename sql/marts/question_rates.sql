-- what: one row per catalogue question, with the chance that a student answers it right, this week and the week before
-- reads: question_numbers, rated_answers
-- why: difficulty enters mastery here and only here
-- notes: shrunk from band default to topic to topic and band to question with 10, 20 and 5 pseudo-answers
with weeks as (
    select unnest([0, 1]) as weeks_ago
),

questions as (
    select
        weeks.weeks_ago,
        numbers.question_id,
        numbers.topic_id,
        numbers.difficulty,
        numbers.topic,
        numbers.band,
        coalesce(
            case weeks.weeks_ago when 0 then counted.answers else counted.previous_answers end, 0
        ) as answers,
        coalesce(
            case weeks.weeks_ago when 0 then counted.correct else counted.previous_correct end, 0
        ) as correct,
        case numbers.band when 1 then 0.80e0 when 3 then 0.50e0 else 0.65e0 end as default_rate
    from question_numbers as numbers
    cross join weeks
    left join rated_answers as counted on numbers.question = counted.question
),

topics as (
    select
        weeks_ago,
        topic,
        cast(sum(answers) as bigint) as answers,
        cast(sum(correct) as bigint) as correct
    from questions
    group by weeks_ago, topic
),

topic_bands as (
    select
        questions.weeks_ago,
        questions.topic,
        questions.band,
        cast(sum(questions.answers) as bigint) as answers,
        cast(sum(questions.correct) as bigint) as correct,
        (min(topics.correct) + 10 * min(questions.default_rate))
        / nullif(min(topics.answers) + 10, 0) as topic_rate
    from questions
    inner join topics
        on questions.weeks_ago = topics.weeks_ago and questions.topic = topics.topic
    group by questions.weeks_ago, questions.topic, questions.band
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
        on
            questions.weeks_ago = bands.weeks_ago
            and questions.topic = bands.topic
            and questions.band = bands.band
),

rounded as (
    select
        rates.*,
        cast(floor(least(greatest(rate, 0.02e0), 0.98e0) * 1000000 + 0.5e0) as bigint)
            as rate_millionths
    from rates
)

select
    rounded.question_id,
    rounded.topic_id,
    rounded.difficulty,
    rounded.answers,
    rounded.correct,
    rounded.rate_millionths,
    earlier.answers as previous_answers,
    earlier.correct as previous_correct,
    earlier.rate_millionths as previous_rate_millionths
from rounded
inner join rounded as earlier
    on rounded.question_id = earlier.question_id and earlier.weeks_ago = 1
where rounded.weeks_ago = 0
