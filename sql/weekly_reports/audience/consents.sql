-- What: one row per given student with a PROFILE: address, name and the flags that allow a mail.
-- Reads: core_profiles, core_identities, core_settings.
-- Why: flags are read again just before the call.
-- Notes: a flag is null without a SETTINGS item, which means no.
select
    core_profiles.user_id,
    core_identities.email,
    core_identities.name,
    core_profiles.is_email_verified,
    core_settings.wants_email,
    core_settings.wants_weekly_report
from core_profiles
left join core_identities on core_profiles.user_id = core_identities.user_id
left join core_settings on core_profiles.user_id = core_settings.user_id
where core_profiles.user_id in (select unnest($users))
