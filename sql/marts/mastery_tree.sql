-- what: one row per node that mastery is read at: the root, each band, subject and topic
-- reads: catalogue_subjects, catalogue_topics, topic_closure
-- why: one numbering of all nodes lets every depth be read by the same statement
-- notes: depth 0 is the root, 1 bands and subjects, 2 topics directly below a subject
with nodes as (
    select
        0 as place,
        'root' as kind,
        '' as node_id,
        0 as depth,
        '' as parent_id,
        cast(null as varchar) as subject_id
    union all
    select
        1 as place,
        'band' as kind,
        'easy' as node_id,
        1 as depth,
        '' as parent_id,
        cast(null as varchar) as subject_id
    union all
    select
        2 as place,
        'band' as kind,
        'medium' as node_id,
        1 as depth,
        '' as parent_id,
        cast(null as varchar) as subject_id
    union all
    select
        3 as place,
        'band' as kind,
        'hard' as node_id,
        1 as depth,
        '' as parent_id,
        cast(null as varchar) as subject_id
    union all
    select
        4 as place,
        'subject' as kind,
        subject_id as node_id,
        1 as depth,
        '' as parent_id,
        subject_id
    from catalogue_subjects
    union all
    select
        5 as place,
        'topic' as kind,
        topics.topic_id as node_id,
        links.ancestor_depth + 1 as depth,
        coalesce(topics.parent_topic_id, topics.subject_id) as parent_id,
        topics.subject_id
    from catalogue_topics as topics
    inner join topic_closure as links
        on topics.topic_id = links.topic_id and links.distance = 0
),

numbered as (
    select
        kind,
        node_id,
        depth,
        parent_id,
        subject_id,
        cast(row_number() over (order by place, node_id) as bigint) - 1 as node
    from nodes
)

select
    numbered.node,
    numbered.kind,
    numbered.node_id,
    numbered.subject_id,
    cast(numbered.depth as bigint) as depth,
    parents.node as parent
from numbered
left join numbered as parents
    on
        numbered.parent_id = parents.node_id
        and numbered.depth = parents.depth + 1
        and parents.kind <> 'band'
