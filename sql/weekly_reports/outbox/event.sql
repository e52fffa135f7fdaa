-- What: records one provider event.
-- Reads: nothing.
-- Why: copies of an event count once.
-- Notes: the first copy's time stays.
insert into analytics_mail_events (message_id, kind, occurred_at)
values (%(message_id)s, %(kind)s, %(occurred_at)s)
on conflict (message_id, kind) do nothing
