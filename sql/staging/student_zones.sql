-- what: one row per student with a PROFILE item, with the time zone to use
-- reads: core_profiles, time_zone_offsets
-- why: a zone that does not exist counts as none given, and none given means the default zone
-- notes: time_zone_offsets holds exactly the zones that exist
with zones as (
    select distinct timezone from time_zone_offsets
)

select
    profiles.user_id,
    coalesce(zones.timezone, $default_timezone) as timezone
from core_profiles as profiles
left join zones on profiles.timezone = zones.timezone
