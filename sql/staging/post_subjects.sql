-- what: one row per living community post, with its author and subject
-- reads: catalogue_topics, core_posts, subject_names
-- why: a post may stand under its community and under its topic, and is one post while a copy lives
-- notes: subject by subjectId, else subjectName, else the community or topic that holds the copy; copies that differ count as reported if one is, and with the most likes
with copies as (
    select
        posts.post_id,
        posts.user_id,
        posts.parent_kind,
        posts.parent_id,
        posts.post_key,
        posts.likes,
        posts.is_reported,
        posts.created_at_micros,
        coalesce(posts.subject_ref, posts.parent_id) as reference,
        case
            when posts.subject_ref is null and posts.parent_kind = 'TOPIC' then 'topic'
            else 'subject'
        end as reference_kind,
        posts.subject_name,
        topics.subject_id as topic_subject_id
    from core_posts as posts
    left join catalogue_topics as topics
        on posts.parent_kind = 'TOPIC' and lower(posts.parent_id) = topics.topic_id
),

resolved as (
    select
        copies.*,
        coalesce(
            by_id.subject_id,
            by_code.subject_id,
            by_name.subject_id,
            community_id.subject_id,
            community_code.subject_id,
            copies.topic_subject_id
        ) as subject_id
    from copies
    left join subject_names as by_id
        on by_id.kind = 'id' and lower(copies.reference) = by_id.name
    left join subject_names as by_code
        on by_code.kind = 'code' and lower(trim(copies.reference)) = by_code.name
    left join subject_names as by_name
        on by_name.kind = 'name' and lower(trim(copies.subject_name)) = by_name.name
    left join subject_names as community_id
        on
            community_id.kind = 'id'
            and copies.parent_kind = 'COMMUNITY'
            and lower(copies.parent_id) = community_id.name
    left join subject_names as community_code
        on
            community_code.kind = 'code'
            and copies.parent_kind = 'COMMUNITY'
            and lower(trim(copies.parent_id)) = community_code.name
),

ordered as (
    select
        *,
        row_number() over (
            partition by post_id
            order by
                case when subject_id is null then 1 else 0 end,
                parent_kind,
                parent_id,
                post_key
        ) as place,
        max(likes) over (partition by post_id) as most_likes,
        max(case when is_reported then 1 else 0 end) over (partition by post_id) as reports
    from resolved
)

select
    post_id,
    user_id,
    reference_kind,
    reference,
    subject_id,
    most_likes as likes,
    reports > 0 as is_reported,
    created_at_micros as at_micros
from ordered
where place = 1
