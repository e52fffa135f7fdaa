-- what: one row per student and node of the tree with evidence below it
-- reads: band_sums, mastery_tree, topic_lineage, topic_sums
-- why: topic = its bands, parent = its children, subject = its topics, root = all
-- notes: a plain sum at every level, of any depth; most nodes cover one topic and need no adding
with widths as (
    select
        node,
        count(*) as topics,
        min(topic) as only_topic
    from topic_lineage
    group by node
),

summed as (
    select
        sums.student,
        widths.node,
        sums.answers,
        sums.correct_nanos,
        sums.expected_nanos,
        sums.total_nanos,
        sums.previous_answers,
        sums.previous_correct_nanos,
        sums.previous_expected_nanos,
        sums.previous_total_nanos,
        sums.last_day
    from topic_sums as sums
    inner join widths on sums.topic = widths.only_topic and widths.topics = 1
    union all
    select
        sums.student,
        lineage.node,
        cast(sum(sums.answers) as bigint) as answers,
        cast(sum(sums.correct_nanos) as bigint) as correct_nanos,
        cast(sum(sums.expected_nanos) as bigint) as expected_nanos,
        cast(sum(sums.total_nanos) as bigint) as total_nanos,
        cast(sum(sums.previous_answers) as bigint) as previous_answers,
        cast(sum(sums.previous_correct_nanos) as bigint) as previous_correct_nanos,
        cast(sum(sums.previous_expected_nanos) as bigint) as previous_expected_nanos,
        cast(sum(sums.previous_total_nanos) as bigint) as previous_total_nanos,
        max(sums.last_day) as last_day
    from topic_sums as sums
    inner join topic_lineage as lineage on sums.topic = lineage.topic
    inner join widths on lineage.node = widths.node and widths.topics > 1
    group by sums.student, lineage.node
    union all
    select
        student,
        band as node,
        answers,
        correct_nanos,
        expected_nanos,
        total_nanos,
        previous_answers,
        previous_correct_nanos,
        previous_expected_nanos,
        previous_total_nanos,
        last_day
    from band_sums
)

select
    tree.depth,
    tree.parent,
    summed.*
from summed
inner join mastery_tree as tree on summed.node = tree.node
