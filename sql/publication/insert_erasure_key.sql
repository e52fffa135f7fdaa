-- What: keeps a key for the hashes of erased students, unless there is one.
-- Reads: nothing.
-- Why: a list of plain ids would be what erasure removes; a hash without a key could be tried out.
-- Notes: it lies beside the list, so that no lost setting can bring an erased student back.
insert into analytics_erasure_key (secret)
values ($secret)
on conflict do nothing
