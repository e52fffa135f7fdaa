-- what: one row per student and topic with evidence of its own, over all bands
-- reads: mastery_state
-- why: four bands less to carry up the tree
-- notes: none
select
    student,
    topic,
    cast(sum(s) as decimal(38, 0)) as s,
    cast(sum(e6) as decimal(38, 0)) as e6,
    cast(sum(n) as decimal(38, 0)) as n,
    cast(sum(answers) as bigint) as answers,
    max(last_day) as last_day
from mastery_state
group by student, topic
