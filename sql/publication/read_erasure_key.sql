-- What: one row: the key of the hashes of erased students, hex.
-- Reads: analytics_erasure_key.
-- Why: see insert_erasure_key.
-- Notes: none.
select k.secret
from analytics_erasure_key as k
