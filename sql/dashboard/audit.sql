-- What: records a download of personal data.
-- Reads: nothing.
-- Why: who took which rows when.
-- Notes: committed before the first row leaves.
insert into analytics_dashboard_audit (login, role, university, export, filters, publication)
values ($login, $role, $university, $export, cast($filters as jsonb), $publication)
