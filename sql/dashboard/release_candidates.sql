-- What: one row per figure, item and university as the marts have it, however small.
-- Reads: analytics_university_mastery, analytics_university_activity.
-- Why: what a release chooses from.
-- Notes: none of it may be shown as it is.
select
    'mastery' as figure,
    cast(item_id as text) as item,
    university,
    students,
    mastery_total as total
from analytics_university_mastery
union all
select
    figures.figure,
    cast(activity.date as text) as item,
    activity.university,
    activity.students,
    figures.total
from analytics_university_activity as activity
cross join lateral (
    values
    ('attempts', cast(activity.attempts as numeric)),
    ('questions', cast(activity.questions as numeric)),
    ('correct', cast(activity.correct as numeric))
) as figures (figure, total)
