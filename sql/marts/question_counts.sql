-- what: one row per catalogue question, with how often it was answered in all eligible attempts
-- reads: answer_counts, question_numbers
-- why: these go into the catalogue's own columns, which count every answer and not only first ones
-- notes: the mean time is in whole seconds, halves up; null: no times
select
    numbers.question_id,
    coalesce(answered.answers, 0) as times_answered,
    coalesce(answered.correct, 0) as correct_count,
    (2 * answered.micros + 1000000 * answered.timed) // nullif(2000000 * answered.timed, 0)
        as average_time_seconds
from question_numbers as numbers
left join answer_counts as answered on numbers.question = answered.question
