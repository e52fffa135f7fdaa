-- What: an empty temporary table for the counts of the catalogue's questions.
-- Reads: the definition of questions.
-- Why: as for the published tables, the comparison is made inside the server.
-- Notes: gone at the end of the transaction.
create temporary table staged_question_counts on commit drop as
select
    q.id as question_id,
    q.times_answered,
    q.correct_count,
    q.average_time_seconds
from questions as q
with no data
