-- What: sets $parameter for every session of the role $role.
-- Reads: nothing.
-- Why: reading only and short statements, whatever the client forgets to ask for.
-- Notes: a session may ask for less; rights stand in the grants.
alter role $role set $parameter to $value
