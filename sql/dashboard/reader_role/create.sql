-- What: makes the role $role.
-- Reads: nothing.
-- Why: pages read as a role that can do nothing else.
-- Notes: only where it is missing; roles belong to the whole server.
create role $role
