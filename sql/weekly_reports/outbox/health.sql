-- What: one row with mails sent in the last seven days, and their bounces and complaints.
-- Reads: analytics_weekly_reports, analytics_mail_events.
-- Why: the breaker stops before the provider does.
-- Notes: the file backend's mails reach nobody and do not count.
select
    count(*) as sent,
    count(*) filter (where bounce.message_id is not null) as bounces,
    count(*) filter (where complaint.message_id is not null) as complaints
from analytics_weekly_reports as report
left join analytics_mail_events as bounce
    on report.message_id = bounce.message_id and bounce.kind = 'bounce'
left join analytics_mail_events as complaint
    on report.message_id = complaint.message_id and complaint.kind = 'complaint'
where
    report.status = 'sent'
    and report.backend <> 'file'
    and report.sent_at >= now() - interval '7 days'
