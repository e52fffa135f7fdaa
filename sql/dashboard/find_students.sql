-- What: one row per student whose id begins with the text or whose shown name has words that do.
-- Reads: analytics_students.
-- Why: search while it is typed; by name only where the viewer may see names.
-- Notes: each way reads its own index and stops at $rows; texts hold letters and digits alone.
with by_id as materialized (
    select user_id
    from analytics_students
    where
        user_id like $id_pattern
        and (cast($university as text) is null or university = $university)
    order by user_id
    limit $rows
),

by_name as materialized (
    select user_id
    from analytics_students
    where
        cast($with_names as boolean)
        and to_tsvector('simple', display_name) @@ to_tsquery('simple', $name_query)
        and (cast($university as text) is null or university = $university)
    limit $rows
),

found as (
    select user_id from by_id
    union
    select user_id from by_name
)

select
    students.user_id,
    case when cast($with_names as boolean) then students.display_name end as display_name,
    students.university
from found
inner join analytics_students as students on found.user_id = students.user_id
order by students.user_id
limit $rows
