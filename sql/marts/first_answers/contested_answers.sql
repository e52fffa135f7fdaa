-- what: one row per answer to a question that its student answered both right and wrong, in order
-- reads: contested_pairs, graded_answers
-- why: a total order decides which answer was first, whatever the engine and its threads
-- notes: test and attempt break what time, attemptId and position leave open
select
    pairs.student,
    pairs.question,
    answers.utc_day,
    answers.is_correct,
    row_number() over (
        partition by pairs.student, pairs.question
        order by
            answers.at_micros, answers.attempt_id, answers.position,
            answers.test_id, answers.attempt_key
    ) as place
from graded_answers as answers
inner join contested_pairs as pairs
    on answers.user_id = pairs.user_id and answers.question_id = pairs.question_id
