-- What: one row per wanted table that exists.
-- Reads: the system catalogue of Postgres.
-- Why: a part of the product that is not installed has nothing to erase.
-- Notes: none.
select wanted.name
from unnest($names::text[]) as wanted (name)
where to_regclass(wanted.name) is not null
