-- what: one row per first answer of a student, or topic and day of an attempt that only sums up, with its weight
-- reads: day_weights, first_answers, known_students, rated_questions, topic_evidence
-- why: whole numbers add up to the same sums in any order, so nights, halves and late arrivals agree
-- notes: weights and what the average student would have right of them, in billionths of an answer, at this reading and a week before
with evidence as (
    select
        students.student,
        questions.topic,
        questions.band,
        answers.utc_day,
        1 as answers,
        case when answers.is_correct then 1 else 0 end as correct,
        questions.rate_millionths,
        questions.previous_rate_millionths
    from first_answers as answers
    inner join known_students as students on answers.user_id = students.user_id
    inner join rated_questions as questions on answers.question = questions.question
    where answers.utc_day <= $reading_day
    union all
    select
        student,
        topic,
        0 as band,
        utc_day,
        answers,
        correct,
        rate_millionths,
        previous_rate_millionths
    from topic_evidence
)

select
    evidence.student,
    evidence.topic,
    evidence.band,
    evidence.utc_day,
    evidence.answers,
    evidence.correct * weights.weight as correct_nanos,
    evidence.answers * ((evidence.rate_millionths * weights.weight + 500000) // 1000000)
        as expected_nanos,
    evidence.answers * weights.weight as total_nanos,
    case when evidence.utc_day <= $reading_day - 7 then evidence.answers else 0 end
        as previous_answers,
    evidence.correct * weights.previous_weight as previous_correct_nanos,
    evidence.answers
    * ((evidence.previous_rate_millionths * weights.previous_weight + 500000) // 1000000)
        as previous_expected_nanos,
    evidence.answers * weights.previous_weight as previous_total_nanos
from evidence
inner join day_weights as weights on evidence.utc_day = weights.utc_day
