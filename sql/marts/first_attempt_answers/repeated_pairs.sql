-- what: one row per first attempt and question that it holds more than once
-- reads: earliest_entries, first_attempts, question_numbers
-- why: only these few need to be looked up again
-- notes: with their texts, so that the many answers are looked up by them
select
    earliest.sitting,
    earliest.question,
    attempts.user_id,
    attempts.test_id,
    attempts.attempt_key,
    questions.question_id
from earliest_entries as earliest
inner join first_attempts as attempts on earliest.sitting = attempts.sitting
inner join question_numbers as questions on earliest.question = questions.question
where earliest.first_position < earliest.last_position
