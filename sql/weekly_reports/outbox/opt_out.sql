-- What: adds a suppression.
-- Reads: nothing.
-- Why: unsubscribes, hard bounces and complaints hold at once.
-- Notes: the first reason stays.
insert into analytics_mail_suppressions (scope, key, reason)
values (%(scope)s, %(key)s, %(reason)s)
on conflict (scope, key) do nothing
