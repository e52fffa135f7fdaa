-- What: one row per figure, item and university as the published tables have it, however small.
-- Reads: analytics_{topic_mastery, subject_mastery, subject_performance, students}.
-- Why: what a release chooses from; members tells later whether the same students stand behind it.
-- Notes: none of it may be shown as it is; activity counts dates from $since to before $as_of.
with mastery as (
    select
        user_id,
        topic_id as item,
        mastery
    from analytics_topic_mastery
    where level <> 'not_enough_data'
    union all
    select
        user_id,
        subject_id as item,
        mastery
    from analytics_subject_mastery
    where level <> 'not_enough_data'
),

days as (
    select
        user_id,
        date,
        cast(sum(tests_taken) as numeric) as attempts,
        cast(sum(questions_answered) as numeric) as questions,
        cast(sum(correct_answers) as numeric) as correct
    from analytics_subject_performance
    where date >= $since and date < $as_of
    group by user_id, date
),

activity as (
    select
        days.date,
        coalesce(students.university, '') as university,
        count(*) as students,
        sum(hashtextextended(days.user_id, 0)) as members,
        sum(days.attempts) as attempts,
        sum(days.questions) as questions,
        sum(days.correct) as correct
    from days
    inner join analytics_students as students on days.user_id = students.user_id
    group by days.date, coalesce(students.university, '')
)

select
    'mastery' as figure,
    cast(mastery.item as text) as item,
    coalesce(students.university, '') as university,
    count(*) as students,
    sum(mastery.mastery) as total,
    sum(hashtextextended(mastery.user_id, 0)) as members
from mastery
inner join analytics_students as students on mastery.user_id = students.user_id
group by mastery.item, coalesce(students.university, '')
union all
select
    figures.figure,
    cast(activity.date as text) as item,
    activity.university,
    activity.students,
    figures.total,
    activity.members
from activity
cross join lateral (
    values
    ('attempts', activity.attempts),
    ('questions', activity.questions),
    ('correct', activity.correct)
) as figures (figure, total)
