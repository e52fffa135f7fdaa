-- What: one row per published video lesson.
-- Reads: video_lessons.
-- Why: the lesson that a weekly report recommends.
-- Notes: published_at has no zone and is read as UTC.
select
    v.id::text as video_id,
    v.topic_id::text as topic_id,
    v.title::text as title,
    v.duration_seconds::bigint as duration_seconds,
    (extract(epoch from v.published_at) * 1000000)::bigint as published_at_micros
from video_lessons as v
where v.is_published
order by v.id
