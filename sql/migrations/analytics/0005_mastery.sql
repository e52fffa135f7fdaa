-- What: mastery per student and topic, subject and difficulty; recall per student and topic.
-- Reads: the catalogue's subjects and topics.
-- Why: a student's page reads by user_id, a topic's or subject's page across students.
-- Notes: the reading is the same eight columns in all three.
create table analytics_topic_mastery (
    user_id text not null,
    topic_id uuid not null references topics (id) on delete cascade,
    subject_id uuid not null references subjects (id) on delete cascade,
    mastery numeric(5, 4) not null,
    mastery_low numeric(5, 4) not null,
    mastery_high numeric(5, 4) not null,
    level text not null,
    answers bigint not null,
    last_answered_on date not null,
    previous_mastery numeric(5, 4),
    updated_at timestamptz not null default current_timestamp,
    primary key (user_id, topic_id)
);

create index analytics_topic_mastery_topic on analytics_topic_mastery (topic_id, level);
create index analytics_topic_mastery_subject on analytics_topic_mastery (subject_id, topic_id);

create table analytics_subject_mastery (
    user_id text not null,
    subject_id uuid not null references subjects (id) on delete cascade,
    mastery numeric(5, 4) not null,
    mastery_low numeric(5, 4) not null,
    mastery_high numeric(5, 4) not null,
    level text not null,
    answers bigint not null,
    last_answered_on date not null,
    previous_mastery numeric(5, 4),
    updated_at timestamptz not null default current_timestamp,
    primary key (user_id, subject_id)
);

create index analytics_subject_mastery_subject on analytics_subject_mastery (subject_id, level);

create table analytics_difficulty_mastery (
    user_id text not null,
    difficulty text not null,
    mastery numeric(5, 4) not null,
    mastery_low numeric(5, 4) not null,
    mastery_high numeric(5, 4) not null,
    level text not null,
    answers bigint not null,
    last_answered_on date not null,
    previous_mastery numeric(5, 4),
    updated_at timestamptz not null default current_timestamp,
    primary key (user_id, difficulty)
);

create table analytics_topic_recall (
    user_id text not null,
    topic_id uuid not null references topics (id) on delete cascade,
    cards bigint not null,
    due bigint not null,
    recall numeric(5, 4),
    updated_at timestamptz not null default current_timestamp,
    primary key (user_id, topic_id)
);

create index analytics_topic_recall_topic on analytics_topic_recall (topic_id);
