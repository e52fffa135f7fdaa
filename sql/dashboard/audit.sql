-- What: records a download of personal data, unless the login made $most within the hour.
-- Reads: analytics_dashboard_audit.
-- Why: who took which rows when; a stolen login cannot take everything at once.
-- Notes: committed before the first row leaves; no row is written for a refused one.
insert into analytics_dashboard_audit (login, role, university, export, filters, publication)
select
    $login,
    $role,
    $university,
    $export,
    cast($filters as jsonb),
    $publication
where (
    select count(*)
    from analytics_dashboard_audit
    where login = $login and occurred_at > now() - interval '1 hour'
) < $most
