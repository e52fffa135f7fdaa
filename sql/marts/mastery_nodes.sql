-- what: one row per student and node of the tree with evidence below it
-- reads: mastery_state, topic_lineage, topic_sums
-- why: topic = its bands, parent = its children, subject = its topics, root = all
-- notes: a plain sum at every level, of any depth
select
    sums.student,
    lineage.node,
    cast(sum(sums.s) as decimal(38, 0)) as s,
    cast(sum(sums.e6) as decimal(38, 0)) as e6,
    cast(sum(sums.n) as decimal(38, 0)) as n,
    cast(sum(sums.answers) as bigint) as answers,
    max(sums.last_day) as last_day
from topic_sums as sums
inner join topic_lineage as lineage on sums.topic = lineage.topic
group by sums.student, lineage.node
union all
select
    student,
    band as node,
    cast(sum(s) as decimal(38, 0)) as s,
    cast(sum(e6) as decimal(38, 0)) as e6,
    cast(sum(n) as decimal(38, 0)) as n,
    cast(sum(answers) as bigint) as answers,
    max(last_day) as last_day
from mastery_state
where band > 0
group by student, band
