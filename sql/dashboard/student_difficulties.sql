-- What: one row per difficulty band in which the student has evidence.
-- Reads: analytics_difficulty_mastery.
-- Why: mastery by difficulty on a student's page.
-- Notes: none.
select
    difficulty,
    mastery,
    mastery_low,
    mastery_high,
    level,
    answers,
    last_answered_on,
    previous_mastery
from analytics_difficulty_mastery
where user_id = $user_id
order by array_position(array['easy', 'medium', 'hard'], difficulty)
