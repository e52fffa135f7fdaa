-- What: lets the role $role read $tables.
-- Reads: nothing.
-- Why: exactly the tables that the statements of the pages name.
-- Notes: a test compares the list with the statements.
grant select on $tables to $role
