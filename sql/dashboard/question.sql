-- What: one row, the question with its statistics; null: unanswered in first attempts.
-- Reads: questions, topics, subjects, analytics_question_statistics.
-- Why: the head of a question's page.
-- Notes: figures of fewer than $smallest_group answers are left out.
select
    cast(questions.id as text) as question_id,
    questions.question_text,
    questions.question_type,
    questions.difficulty_level,
    topics.name as topic_name,
    subjects.name as subject_name,
    statistics.times_answered,
    statistics.facility,
    statistics.average_time_seconds,
    statistics.median_time_seconds,
    statistics.item_rest_r,
    statistics.item_rest_r_low,
    statistics.item_rest_r_high,
    statistics.item_total_r,
    statistics.d27,
    statistics.key_suspect,
    statistics.too_easy,
    statistics.too_hard,
    statistics.non_functional_distractor
from questions
inner join topics on questions.topic_id = topics.id
inner join subjects on topics.subject_id = subjects.id
left join analytics_question_statistics as statistics
    on questions.id = statistics.question_id and statistics.times_answered >= $smallest_group
where questions.id = $question_id
