-- What: updates the three counts of the questions where they differ.
-- Reads: questions and the staged counts.
-- Why: questions belongs to the product; only these columns are ours, equal rows stay untouched.
-- Notes: rows are locked in order of id. A question that the lake does not know is left as it is.
with different as (
    select
        q.id,
        staged.times_answered,
        staged.correct_count,
        staged.average_time_seconds
    from questions as q
    inner join staged_question_counts as staged on q.id = staged.question_id
    where
        (q.times_answered, q.correct_count, q.average_time_seconds)
        is distinct from (staged.times_answered, staged.correct_count, staged.average_time_seconds)
    order by q.id
    for update of q
)

update questions as q
set
    times_answered = different.times_answered,
    correct_count = different.correct_count,
    average_time_seconds = different.average_time_seconds
from different
where q.id = different.id
