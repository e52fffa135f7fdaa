-- What: one row per question, to review first first, $rows after ($priority, $r, $question_id).
-- Reads: analytics_question_statistics, questions, topics, subjects.
-- Why: a suspect key before a wrong difficulty before a weak distractor, then by correlation.
-- Notes: an undefined correlation sorts as 2, after every defined one.
with ordered as (
    select
        statistics.*,
        8 * cast(statistics.key_suspect as integer)
        + 4 * cast(statistics.too_hard as integer)
        + 2 * cast(statistics.too_easy as integer)
        + cast(statistics.non_functional_distractor as integer) as priority,
        coalesce(statistics.item_rest_r, 2) as sort_r
    from analytics_question_statistics as statistics
    where statistics.times_answered >= $smallest_group
)

select
    cast(ordered.question_id as text) as question_id,
    questions.question_text,
    topics.name as topic_name,
    subjects.name as subject_name,
    ordered.times_answered,
    ordered.facility,
    ordered.item_rest_r,
    ordered.item_rest_r_low,
    ordered.item_rest_r_high,
    ordered.median_time_seconds,
    ordered.key_suspect,
    ordered.too_easy,
    ordered.too_hard,
    ordered.non_functional_distractor,
    ordered.priority,
    ordered.sort_r
from ordered
inner join questions on ordered.question_id = questions.id
inner join topics on questions.topic_id = topics.id
inner join subjects on topics.subject_id = subjects.id
where
    (cast($subject_id as uuid) is null or topics.subject_id = $subject_id)
    and case cast($flag as text)
        when 'any' then ordered.priority > 0
        when 'key_suspect' then ordered.key_suspect
        when 'too_hard' then ordered.too_hard
        when 'too_easy' then ordered.too_easy
        when 'non_functional_distractor' then ordered.non_functional_distractor
        else true
    end
    and (
        cast($text as text) is null
        or position(lower($text) in lower(questions.question_text)) > 0
    )
    and (-ordered.priority, ordered.sort_r, ordered.question_id)
    > (-cast($priority as integer), cast($r as numeric), cast($question_id as uuid))
order by ordered.priority desc, ordered.sort_r, ordered.question_id
limit $rows
