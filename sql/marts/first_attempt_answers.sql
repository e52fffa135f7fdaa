-- what: one row per first attempt and catalogue question answered in it
-- reads: earliest_entries, repeated_entries
-- why: all statistics of questions and tests stand on these answers
-- notes: a question that an attempt holds twice counts as first answered
select
    sitting,
    question,
    is_correct = 1 as is_correct,
    selected_option,
    micros
from earliest_entries
where first_position = last_position
union all
select
    sitting,
    question,
    is_correct,
    selected_option,
    micros
from repeated_entries
where place = 1
