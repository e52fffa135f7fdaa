-- What: puts a student on the erasure list; changes no row if he stands there already.
-- Reads: nothing.
-- Why: publication leaves out whoever is listed, even when an old export still holds him.
-- Notes: none.
insert into analytics_erased_users (user_hash)
values ($user_hash)
on conflict do nothing
