-- What: one row per wanted table that this database does not show to us.
-- Reads: the system catalogue of Postgres.
-- Why: a database without the catalogue is a mistake of configuration, to be named as such.
-- Notes: names are resolved by the search_path, as in the other statements.
select wanted.name
from unnest($names::text[]) as wanted (name)
where to_regclass(wanted.name) is null
order by wanted.name
