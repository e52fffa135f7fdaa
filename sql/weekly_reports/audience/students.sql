-- What: one row per student of the chunk.
-- Reads: chunk.
-- Why: the head of each student's facts.
-- Notes: none.
select
    user_id,
    timezone,
    language,
    created_at_micros,
    university
from chunk
order by user_id
