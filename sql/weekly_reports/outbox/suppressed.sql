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
        (suppression.scope = 'user' and wanted.user_id = suppression.key)
        or (suppression.scope = 'address' and wanted.address_hash = suppression.key)
order by wanted.user_id, suppression.scope desc
