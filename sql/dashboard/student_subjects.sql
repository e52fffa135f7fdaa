-- What: one row per subject in which the student has evidence.
-- Reads: analytics_subject_mastery, subjects.
-- Why: the heads of the mastery tree.
-- Notes: none.
select
    cast(mastery.subject_id as text) as subject_id,
    subjects.name,
    mastery.mastery,
    mastery.mastery_low,
    mastery.mastery_high,
    mastery.level,
    mastery.answers,
    mastery.last_answered_on,
    mastery.previous_mastery
from analytics_subject_mastery as mastery
inner join subjects on mastery.subject_id = subjects.id
where mastery.user_id = $user_id
order by subjects.name
