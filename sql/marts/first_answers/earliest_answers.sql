-- what: one row per student and question answered, with the day of the first answer
-- reads: graded_answers, mastery_students, question_numbers
-- why: where all answers of a pair agree, no order has to be found; that is nearly always
-- notes: students without PROFILE have no number and drop out here
select
    students.student,
    questions.question,
    min(answers.utc_day) as utc_day,
    min(case when answers.is_correct then 1 else 0 end) as least_correct,
    max(case when answers.is_correct then 1 else 0 end) as most_correct
from graded_answers as answers
inner join mastery_students as students on answers.user_id = students.user_id
inner join question_numbers as questions on answers.question_id = questions.question_id
group by students.student, questions.question
