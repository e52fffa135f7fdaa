-- what: one row per text that names exactly one subject: its id, its code or its name, in lower case
-- reads: catalogue_subjects
-- why: attempts and posts name subjects in three ways; every model resolves them alike
-- notes: a text that two subjects share names neither of them
with names as (
    select
        'id' as kind,
        lower(subject_id) as name,
        subject_id
    from catalogue_subjects
    union all
    select
        'code' as kind,
        lower(trim(code)) as name,
        subject_id
    from catalogue_subjects
    union all
    select
        'name' as kind,
        lower(trim(name)) as name,
        subject_id
    from catalogue_subjects
)

select
    kind,
    name,
    min(subject_id) as subject_id
from names
group by kind, name
having count(*) = 1
