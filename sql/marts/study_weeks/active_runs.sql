-- what: one row per student and run of local dates with a completed act that is the newest on some day of the last six weeks
-- reads: student_days
-- why: a streak on any day follows from the newest run begun by then, and from the longest before it
-- notes: next_first_day is null for the newest run, longest_before for the oldest
with numbered as (
    select
        student,
        day,
        day - row_number() over (partition by student order by day) as run
    from student_days
    where is_active
),

runs as (
    select
        student,
        min(day) as first_day,
        max(day) as last_day
    from numbered
    group by student, run
),

followed as (
    select
        student,
        first_day,
        last_day,
        lead(first_day) over (partition by student order by first_day) as next_first_day,
        max(last_day - first_day + 1) over (
            partition by student
            order by first_day
            rows between unbounded preceding and 1 preceding
        ) as longest_before
    from runs
)

select * from followed
where next_first_day is null or next_first_day > $week_start_day - 29
