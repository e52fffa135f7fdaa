-- What: table video_lessons (one row per lesson of a topic).
-- Reads: topics.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create table if not exists video_lessons (
    id uuid primary key default gen_random_uuid(),
    topic_id uuid not null references topics (id) on delete cascade,
    title varchar(255) not null,
    description text,
    duration_seconds integer not null,
    quality_levels varchar(50)[],
    s3_key varchar(500) not null,
    cloudfront_url varchar(500) not null,
    thumbnail_url varchar(500),
    instructor_name varchar(255),
    instructor_bio text,
    transcript text,
    subtitles_url varchar(500),
    slides_url varchar(500),
    difficulty_level varchar(20),
    prerequisites text[],
    tags varchar(100)[],
    view_count integer default 0,
    average_rating decimal(3, 2),
    rating_count integer default 0,
    is_published boolean default false,
    is_free boolean default true,
    created_at timestamp default current_timestamp,
    updated_at timestamp default current_timestamp,
    published_at timestamp
);
