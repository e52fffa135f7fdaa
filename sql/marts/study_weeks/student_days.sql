-- what: one row per student with PROFILE and local date with an attempt or a DAILY item
-- reads: known_students, study_days
-- why: weeks and streaks are grouped by numbers, which is faster than by the texts they stand for
-- notes: the rows of study_days
select
    students.student,
    days.day,
    days.tests,
    days.questions,
    days.correct,
    days.minutes,
    days.flashcards,
    days.is_active,
    days.counts_as_activity
from study_days as days
inner join known_students as students on days.user_id = students.user_id
