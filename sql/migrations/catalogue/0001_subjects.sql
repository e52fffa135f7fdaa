-- What: table subjects (one row per subject).
-- Reads: nothing.
-- Why: MavPrep's own catalogue document; made for the demo, tests and new installations only.
-- Notes: if not exists, so an existing catalogue is left alone.
create table if not exists subjects (
    id uuid primary key default gen_random_uuid(),
    code varchar(50) not null unique,
    name varchar(255) not null,
    description text,
    university varchar(255),
    department varchar(255),
    credit_hours integer,
    level varchar(20),
    is_active boolean default true,
    created_at timestamp default current_timestamp,
    updated_at timestamp default current_timestamp
);
