-- What: index idx_videos_free.
-- Reads: video_lessons.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create index if not exists idx_videos_free on video_lessons (is_free);
