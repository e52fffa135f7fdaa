-- What: one row per applied migration file.
-- Reads: analytics_migrations.
-- Why: tells what is left to apply, and whether this code fits this database.
-- Notes: none.
select
    m.name,
    m.sha256
from analytics_migrations as m
order by m.name
