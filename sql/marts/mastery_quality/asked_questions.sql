-- what: one row per first answer of the week, with what was known of its student and question the evening before the week
-- reads: first_answers, known_students, mastery_chain, question_numbers, question_rates, topic_lineage
-- why: a prediction must not know what it predicts
-- notes: theta of the nearest node with evidence then; null: the student had none; the share of earlier answers in the topic, in counts
with asked as (
    select
        students.student,
        answers.user_id,
        answers.question,
        answers.is_correct,
        questions.topic,
        rates.previous_rate_millionths as rate_millionths
    from first_answers as answers
    inner join known_students as students on answers.user_id = students.user_id
    inner join question_numbers as questions on answers.question = questions.question
    inner join question_rates as rates on questions.question_id = rates.question_id
    where
        answers.utc_day > $reading_day - 7
        and answers.utc_day <= $reading_day
        and questions.topic is not null
),

nodes as (
    select
        asked.student,
        asked.question,
        chain.previous_theta as theta,
        row_number() over (
            partition by asked.student, asked.question order by chain.depth desc
        ) as place
    from asked
    inner join topic_lineage as lineage on asked.topic = lineage.topic
    inner join mastery_chain as chain
        on asked.student = chain.student and lineage.node = chain.node
    where chain.previous_theta is not null
),

earlier as (
    select
        answers.user_id,
        questions.topic,
        count(*) as answers,
        cast(sum(case when answers.is_correct then 1 else 0 end) as bigint) as correct
    from first_answers as answers
    inner join question_numbers as questions on answers.question = questions.question
    where answers.utc_day <= $reading_day - 7
    group by answers.user_id, questions.topic
)

select
    asked.student,
    asked.is_correct,
    asked.topic,
    asked.rate_millionths,
    nodes.theta,
    earlier.answers as earlier_answers,
    earlier.correct as earlier_correct
from asked
left join nodes
    on asked.student = nodes.student and asked.question = nodes.question and nodes.place = 1
left join earlier on asked.user_id = earlier.user_id and asked.topic = earlier.topic
