-- What: one row per given student who, or whose address, is suppressed, with the reason.
-- Reads: analytics_mail_suppressions.
-- Why: the opt-out holds at once, and the ledger says why no mail went.
-- Notes: the student's own opt-out is named before the address.
select distinct on (wanted.user_id)
    wanted.user_id,
    suppression.reason
from unnest(%(users)s::text[], %(address_hashes)s::text[]) as wanted (user_id, address_hash)
inner join analytics_mail_suppressions as suppression
    on
        (suppression.scope = 'user' and suppression.key = wanted.user_id)
        or (suppression.scope = 'address' and suppression.key = wanted.address_hash)
order by wanted.user_id, suppression.scope desc
