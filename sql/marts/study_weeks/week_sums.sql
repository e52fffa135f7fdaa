-- what: one row per student and ISO week of the last nine with an attempt or a DAILY item
-- reads: student_days
-- why: what a student did in a week; the oldest three tell only whether the four weeks that end with a later one were active
-- notes: the week's minutes are the sum of its days' rounded minutes; weeks are counted from the oldest, so that the division stays above zero
with days as (
    select
        *,
        $week_start_day - 56 + (day - ($week_start_day - 56)) // 7 * 7 as week_start_day
    from student_days
    where day >= $week_start_day - 56 and day < $week_start_day + 7
)

select
    student,
    week_start_day,
    cast(sum(tests) as bigint) as tests,
    cast(sum(questions) as bigint) as questions,
    cast(sum(correct) as bigint) as correct,
    cast(sum(minutes) as bigint) as minutes,
    cast(sum(flashcards) as bigint) as flashcards,
    max(case when day = week_start_day then minutes end) as minutes_monday,
    max(case when day = week_start_day + 1 then minutes end) as minutes_tuesday,
    max(case when day = week_start_day + 2 then minutes end) as minutes_wednesday,
    max(case when day = week_start_day + 3 then minutes end) as minutes_thursday,
    max(case when day = week_start_day + 4 then minutes end) as minutes_friday,
    max(case when day = week_start_day + 5 then minutes end) as minutes_saturday,
    max(case when day = week_start_day + 6 then minutes end) as minutes_sunday,
    count(*) filter (where is_active) as active_days,
    count(*) filter (where counts_as_activity) as activities
from days
group by student, week_start_day
