-- what: one row per student and question: the first answer
-- reads: earliest_answers, graded_answers, question_numbers, student_numbers
-- why: a repeated question measures memory of it, not mastery of its topic
-- notes: first by (time, attemptId, position); only a question answered both right and wrong needs the look back
with answers as (
    select
        students.student,
        questions.question,
        answers.utc_day,
        answers.is_correct,
        row_number() over (
            partition by students.student, questions.question
            order by
                answers.at_micros, answers.attempt_id, answers.position,
                answers.test_id, answers.attempt_key
        ) as place
    from graded_answers as answers
    inner join student_numbers as students on answers.user_id = students.user_id
    inner join question_numbers as questions on answers.question_id = questions.question_id
    inner join earliest_answers as earliest
        on
            students.student = earliest.student
            and questions.question = earliest.question
            and earliest.least_correct < earliest.most_correct
)

select student, question, utc_day, least_correct = 1 as is_correct
from earliest_answers
where least_correct = most_correct
union all
select student, question, utc_day, is_correct
from answers
where place = 1
