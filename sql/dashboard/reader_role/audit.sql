-- What: lets the role $role add to the audit, and count a login's downloads in it.
-- Reads: nothing.
-- Why: a download is recorded before it leaves.
-- Notes: it can neither change nor delete a row, nor read what others took.
grant select (login, occurred_at), insert on analytics_dashboard_audit to $role
