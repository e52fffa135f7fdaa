-- what: one row per answer of a first attempt whose question is in the catalogue
-- reads: core_attempts, question_numbers, sittings
-- why: statistics of questions look at nothing else
-- notes: attempts are chosen before their answers are unfolded, which is much quicker
with entries as (
    select
        sittings.sitting,
        sittings.test,
        unnest(attempts.answers) as answer
    from core_attempts as attempts
    inner join sittings
        on
            attempts.user_id = sittings.user_id
            and attempts.test_id = sittings.test_id
            and attempts.attempt_key = sittings.attempt_key
)

select
    entries.sitting,
    entries.test,
    questions.question,
    entries.answer.position as position,
    entries.answer.is_correct as is_correct,
    entries.answer.selected_option as selected_option,
    cast(entries.answer.seconds * 1000000 as bigint) as micros
from entries
inner join question_numbers as questions
    on lower(entries.answer.question_ref) = questions.question_id
