-- What: makes analytics_released_aggregates, one row per figure, item and group.
-- Reads: nothing.
-- Why: the only aggregates of students that pages read; ten students stand behind each.
-- Notes: the check is the last guard of that rule.
create table if not exists analytics_released_aggregates (
    figure text not null check (figure in ('mastery', 'attempts', 'questions', 'correct')),
    item text not null,
    part text not null check (part in ('university', 'all')),
    university text not null,
    students integer not null check (students >= 10),
    total numeric not null,
    members numeric not null,
    as_of date not null,
    previous_students integer check (previous_students >= 10),
    previous_total numeric,
    previous_as_of date,
    primary key (figure, item, part, university)
)
