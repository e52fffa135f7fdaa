-- what: one row per scheduled flashcard of a student with PROFILE, with whether it is due by next Monday
-- reads: core_flashcards, student_zones, time_zone_offsets
-- why: a week's signals and a topic's recall count the same cards
-- notes: next Monday ends the as-of date's week and is included, in the student's zone
select
    cards.user_id,
    cards.card_id,
    cards.next_review_at_micros + offsets.offset_micros
    < ($week_start_day + 8) * 86400000000 as is_due
from core_flashcards as cards
inner join student_zones as students on cards.user_id = students.user_id
inner join time_zone_offsets as offsets
    on
        students.timezone = offsets.timezone
        and cards.next_review_at_micros >= offsets.from_micros
        and cards.next_review_at_micros < offsets.to_micros
