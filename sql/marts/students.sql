-- what: one row per student with a PROFILE
-- reads: core_identities, core_profiles, core_settings
-- why: university and shown name of a student, for the dashboards and their row filter
-- notes: names only of those who show profile and progress; a blank university is none
select
    profiles.user_id,
    case when trim(profiles.university) <> '' then profiles.university end as university,
    case
        when choices.is_profile_visible and choices.shares_progress then identities.name
    end as display_name
from core_profiles as profiles
left join core_settings as choices on profiles.user_id = choices.user_id
left join core_identities as identities on profiles.user_id = identities.user_id
