-- What: one row per student whose id begins with the text or whose shown name has words that do.
-- Reads: analytics_students.
-- Why: search while it is typed; by name only where the viewer may see names.
-- Notes: $id_pattern and $name_query are built from the text's letters and digits alone.
select
    user_id,
    case when cast($with_names as boolean) then display_name end as display_name,
    university
from analytics_students
where
    (
        user_id like $id_pattern
        or (
            cast($with_names as boolean)
            and to_tsvector('simple', display_name) @@ to_tsquery('simple', $name_query)
        )
    )
    and (cast($university as text) is null or university = $university)
order by user_id
limit $rows
