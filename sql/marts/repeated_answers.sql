-- what: one row per answer of a first attempt to a question that the attempt answered before
-- reads: sitting_answers
-- why: the answer given first is the one that counts
-- notes: positions are unique within an attempt; few attempts hold a question twice
with pairs as (
    select
        sitting,
        question
    from sitting_answers
    group by sitting, question
    having count(*) > 1
),

ordered as (
    select
        answers.sitting,
        answers.question,
        answers.position,
        row_number() over (
            partition by answers.sitting, answers.question order by answers.position
        ) as place
    from sitting_answers as answers
    inner join pairs on answers.sitting = pairs.sitting and answers.question = pairs.question
)

select
    sitting,
    question,
    position
from ordered
where place > 1
