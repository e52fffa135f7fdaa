-- What: index idx_videos_published.
-- Reads: video_lessons.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create index if not exists idx_videos_published on video_lessons (is_published);
