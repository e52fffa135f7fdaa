-- What: one row per topic with a published lesson in its subtree: the first of them.
-- Reads: catalogue_videos, topic_closure.
-- Why: the next lesson to watch; MavPrep records how many lessons were watched, not which.
-- Notes: nearest topic first, then the oldest lesson, which is the introduction.
with

ranked as (
    select
        topic_closure.ancestor_id,
        catalogue_videos.video_id,
        catalogue_videos.title,
        catalogue_videos.duration_seconds,
        row_number() over (
            partition by topic_closure.ancestor_id
            order by
                topic_closure.distance,
                catalogue_videos.published_at_micros nulls last,
                catalogue_videos.video_id
        ) as place
    from catalogue_videos
    inner join topic_closure on catalogue_videos.topic_id = topic_closure.topic_id
)

select
    ancestor_id as topic_id,
    video_id,
    title,
    duration_seconds
from ranked
where place = 1
order by ancestor_id
