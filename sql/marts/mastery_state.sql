-- what: one row per student, topic and difficulty band with evidence: the mergeable sums
-- reads: day_weights, first_answers, question_numbers, question_rates, topic_evidence
-- why: whole numbers add up to the same sums in any order, so nights, halves and late arrivals agree
-- notes: the numbers stand for texts within one lake version; wide sums, since weights double every 60 days
with questions as (
    select
        numbers.question,
        numbers.topic,
        numbers.band,
        rates.rate_millionths
    from question_numbers as numbers
    inner join question_rates as rates on numbers.question_id = rates.question_id
),

evidence as (
    select
        answers.student,
        questions.topic,
        questions.band,
        answers.utc_day,
        1 as answers,
        case when answers.is_correct then 1 else 0 end as correct,
        questions.rate_millionths
    from first_answers as answers
    inner join questions on answers.question = questions.question
    where answers.utc_day <= $reading_day
    union all
    select
        student,
        topic,
        0 as band,
        utc_day,
        answers,
        correct,
        rate_millionths
    from topic_evidence
)

select
    evidence.student,
    evidence.topic,
    evidence.band,
    cast(sum(cast(weights.weight as hugeint) * evidence.correct) as decimal(38, 0)) as s,
    cast(
        sum(cast(weights.weight as hugeint) * (evidence.answers * evidence.rate_millionths))
        as decimal(38, 0)
    ) as e6,
    cast(sum(cast(weights.weight as hugeint) * evidence.answers) as decimal(38, 0)) as n,
    cast(sum(evidence.answers) as bigint) as answers,
    max(evidence.utc_day) as last_day
from evidence
inner join day_weights as weights on evidence.utc_day = weights.utc_day
group by evidence.student, evidence.topic, evidence.band
