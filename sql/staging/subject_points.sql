-- what: one row per student and subject with points earned in it
-- reads: core_comments, post_subjects
-- why: reputation within a subject comes from accepted answers and likes there
-- notes: reported posts and comments earn nothing; a comment belongs to its post's subject, and to none when the post is gone
with earned as (
    select
        user_id,
        subject_id,
        $points_per_like * likes as points
    from post_subjects
    where not is_reported and subject_id is not null
    union all
    select
        comments.user_id,
        posts.subject_id,
        $points_per_like * comments.likes
        + case when comments.is_answer then $points_per_accepted_answer else 0 end as points
    from core_comments as comments
    inner join post_subjects as posts on comments.post_id = posts.post_id
    where not comments.is_reported and posts.subject_id is not null
)

select
    user_id,
    subject_id,
    cast(sum(points) as bigint) as points
from earned
group by user_id, subject_id
