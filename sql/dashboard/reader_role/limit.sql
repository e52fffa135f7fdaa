-- What: lets the role $role sign in with $password, sixteen times at once, and nothing more.
-- Reads: nothing.
-- Why: twice a pool of eight, while a process takes over from the one before.
-- Notes: $password is a literal, since utility statements take no parameters.
alter role $role with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls
connection limit 16 password $password
