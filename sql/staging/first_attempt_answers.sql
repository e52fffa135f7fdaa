-- what: one row per first attempt and catalogue question answered in it
-- reads: repeated_answers, sitting_answers
-- why: all statistics of questions and tests stand on these answers
-- notes: a question that an attempt holds twice counts as first answered
select
    answers.sitting,
    answers.test,
    answers.question,
    answers.is_correct,
    answers.selected_option,
    answers.micros
from sitting_answers as answers
left join repeated_answers as repeated
    on
        answers.sitting = repeated.sitting
        and answers.question = repeated.question
        and answers.position = repeated.position
where repeated.sitting is null
