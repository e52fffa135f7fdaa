-- what: one row per student, topic and band with evidence, as of the reading day
-- reads: mastery_state, reading_scale
-- why: small whole numbers add up as exactly as wide ones, and faster
-- notes: in billionths of an answer of the reading day
select
    state.student,
    state.topic,
    state.band,
    cast(floor(cast(state.s as double) * reading_scale.scale + 0.5e0) as bigint) as correct_nanos,
    cast(floor(cast(state.e6 as double) * reading_scale.scale / 1e6 + 0.5e0) as bigint)
        as expected_nanos,
    cast(floor(cast(state.n as double) * reading_scale.scale + 0.5e0) as bigint) as total_nanos,
    state.answers,
    state.last_day
from mastery_state as state
cross join reading_scale
