-- What: takes every right on tables from the role $role.
-- Reads: nothing.
-- Why: a right that is needed no more does not stay.
-- Notes: the grants follow in the same transaction.
revoke all on all tables in schema public from $role
