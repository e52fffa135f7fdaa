-- what: one row per student and question that was answered both right and wrong
-- reads: earliest_answers, mastery_students, question_numbers
-- why: only these few need the full order to know which answer was first
-- notes: with their texts, so that the many answers are looked up by them
select
    earliest.student,
    earliest.question,
    students.user_id,
    questions.question_id
from earliest_answers as earliest
inner join mastery_students as students on earliest.student = students.student
inner join question_numbers as questions on earliest.question = questions.question
where earliest.least_correct < earliest.most_correct
