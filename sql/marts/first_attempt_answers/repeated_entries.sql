-- what: one row per answer to a question that its first attempt holds more than once, in order
-- reads: graded_answers, repeated_pairs
-- why: the answer given first is the one that counts
-- notes: positions are unique within an attempt
select
    pairs.sitting,
    pairs.question,
    answers.is_correct,
    answers.selected_option,
    cast(answers.seconds * 1000000 as bigint) as micros,
    row_number() over (
        partition by pairs.sitting, pairs.question order by answers.position
    ) as place
from graded_answers as answers
inner join repeated_pairs as pairs
    on
        answers.user_id = pairs.user_id
        and answers.question_id = pairs.question_id
        and answers.test_id = pairs.test_id
        and answers.attempt_key = pairs.attempt_key
