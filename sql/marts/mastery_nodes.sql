-- what: one row per student and node of the tree with evidence below it
-- reads: band_sums, mastery_tree, topic_lineage, topic_sums
-- why: topic = its bands, parent = its children, subject = its topics, root = all
-- notes: a plain sum at every level, of any depth
with covered as (
    select
        sums.student,
        lineage.node,
        sums.correct_nanos,
        sums.expected_nanos,
        sums.total_nanos,
        sums.answers,
        sums.last_day
    from topic_sums as sums
    inner join topic_lineage as lineage on sums.topic = lineage.topic
    union all
    select
        student,
        band as node,
        correct_nanos,
        expected_nanos,
        total_nanos,
        answers,
        last_day
    from band_sums
    where band > 0
),

summed as (
    select
        student,
        node,
        cast(sum(correct_nanos) as bigint) as correct_nanos,
        cast(sum(expected_nanos) as bigint) as expected_nanos,
        cast(sum(total_nanos) as bigint) as total_nanos,
        cast(sum(answers) as bigint) as answers,
        max(last_day) as last_day
    from covered
    group by student, node
)

select
    tree.depth,
    summed.student,
    summed.node,
    tree.parent,
    summed.correct_nanos,
    summed.expected_nanos,
    summed.total_nanos,
    summed.answers,
    summed.last_day
from summed
inner join mastery_tree as tree on summed.node = tree.node
