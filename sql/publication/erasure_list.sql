-- What: one row per erased student, with the key of the hashes.
-- Reads: analytics_erased_users, analytics_erasure_key.
-- Why: rows of erased students that an old export still holds are not published.
-- Notes: no row at all before the first erasure.
select
    k.secret,
    e.user_hash
from analytics_erased_users as e
cross join analytics_erasure_key as k
