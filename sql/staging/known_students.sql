-- what: one row per student with PROFILE, with a number
-- reads: core_profiles
-- why: whole numbers join, group and sort several times faster than the texts they stand for
-- notes: in order of user_id, so that both sort alike; a number lives as long as the run of the model
select
    user_id,
    cast(row_number() over (order by user_id) as bigint) as student
from core_profiles
