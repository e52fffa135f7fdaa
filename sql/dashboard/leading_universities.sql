-- What: one row per university with ten students or more in the first 5,000 places, eight of them.
-- Reads: analytics_rankings, analytics_students.
-- Why: where the strongest contributors study.
-- Notes: reads the first 5,000 places only; smaller groups are left out and no total is shown.
select
    students.university,
    count(*) as students
from analytics_rankings as rankings
inner join analytics_students as students on rankings.user_id = students.user_id
where
    rankings.metric = 'reputation'
    and rankings.scope = 'global'
    and rankings.scope_key = ''
    and rankings.rank <= 5000
    and students.university is not null
group by students.university
having count(*) >= $smallest_group
order by count(*) desc, students.university
limit 8
