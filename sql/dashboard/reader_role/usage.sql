-- What: lets the role $role name what is in the schema.
-- Reads: nothing.
-- Why: without it no table of the schema can be read.
-- Notes: none.
grant usage on schema public to $role
