-- what: one row per answer of a first attempt to a question that the attempt answered before
-- reads: sitting_answers
-- why: the answer given first is the one that counts
-- notes: positions are unique within an attempt; few attempts hold a question twice
with neighbours as (
    select
        sitting,
        question,
        position,
        lag(question) over (partition by sitting order by question, position) as question_before
    from sitting_answers
)

select
    sitting,
    question,
    position
from neighbours
where question = question_before
