-- What: makes analytics_mail_events, one row per message and kind of provider event.
-- Reads: nothing.
-- Why: the breaker counts bounces and complaints, and providers repeat their events.
-- Notes: the first copy of an event counts.
create table analytics_mail_events (
    message_id text not null,
    kind text not null check (kind in ('send', 'delivery', 'bounce', 'complaint')),
    occurred_at timestamp with time zone not null,
    primary key (message_id, kind)
)
