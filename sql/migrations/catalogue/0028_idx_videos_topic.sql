-- What: index idx_videos_topic.
-- Reads: video_lessons.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create index if not exists idx_videos_topic on video_lessons (topic_id);
