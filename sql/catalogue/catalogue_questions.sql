-- What: one row per question.
-- Reads: questions.
-- Why: topic and difficulty of an answer come from the catalogue, never from the attempt.
-- Notes: the three counts are not read, for publication writes them.
select
    q.id::text as question_id,
    q.topic_id::text as topic_id,
    q.question_type::text as question_type,
    case
        when lower(btrim(q.difficulty_level)) in ('easy', 'medium', 'hard')
            then lower(btrim(q.difficulty_level))
    end as difficulty,
    coalesce(q.is_active, true) as is_active
from questions as q
order by q.id
