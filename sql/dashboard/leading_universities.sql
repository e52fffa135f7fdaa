-- What: one row per university with ten students or more in the first 5,000 places, eight of them.
-- Reads: analytics_rankings, analytics_students.
-- Why: where the strongest contributors study.
-- Notes: reads these places only; smaller groups are left out and no total is shown.
with leaders as materialized (
    select user_id
    from analytics_rankings
    where metric = 'reputation' and scope = 'global' and scope_key = ''
    order by rank, user_id
    limit 5000
)

select
    students.university,
    count(*) as students
from leaders
inner join analytics_students as students on leaders.user_id = students.user_id
where students.university is not null
group by students.university
having count(*) >= $smallest_group
order by count(*) desc, students.university
limit 8
