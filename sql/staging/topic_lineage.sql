-- what: one row per topic and node whose mastery covers it: itself, its ancestors, its subject, the root
-- reads: mastery_tree, topic_closure
-- why: any node is the plain sum of the topics below it
-- notes: both are numbers of mastery_tree; bands are not in it, they cut across topics
with topics as (
    select
        node,
        node_id,
        subject_id
    from mastery_tree
    where kind = 'topic'
)

select
    topics.node as topic,
    ancestors.node as node
from topic_closure as links
inner join topics on links.topic_id = topics.node_id
inner join topics as ancestors on links.ancestor_id = ancestors.node_id
union all
select
    topics.node as topic,
    subjects.node as node
from topics
inner join mastery_tree as subjects
    on subjects.kind = 'subject' and topics.subject_id = subjects.node_id
union all
select
    node as topic,
    0 as node
from topics
