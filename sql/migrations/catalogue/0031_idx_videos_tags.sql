-- What: index idx_videos_tags.
-- Reads: video_lessons.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create index if not exists idx_videos_tags on video_lessons using gin (tags);
