-- what: one row per student with flashcards, as the cards stand in the as-of date's week
-- reads: core_flashcards, student_zones, time_zone_offsets
-- why: what is due by next Monday, and what was forgotten this week
-- notes: a card that was never scheduled is not due; a lapsed card is one reviewed this week whose repetition is 0
with cards as (
    select
        cards.user_id,
        students.timezone,
        cards.card_id,
        cards.repetition,
        cards.next_review_at_micros,
        cards.last_reviewed_at_micros
    from core_flashcards as cards
    inner join student_zones as students on cards.user_id = students.user_id
)

select
    cards.user_id,
    count(*) filter (
        where cards.next_review_at_micros + due.offset_micros
        < ($week_start_day + 8) * 86400000000
    ) as cards_due,
    count(*) filter (
        where
        cards.repetition = 0
        and cards.last_reviewed_at_micros + reviewed.offset_micros
        >= $week_start_day * 86400000000
        and cards.last_reviewed_at_micros + reviewed.offset_micros
        < ($week_start_day + 7) * 86400000000
    ) as cards_lapsed
from cards
left join time_zone_offsets as due
    on
        cards.timezone = due.timezone
        and cards.next_review_at_micros >= due.from_micros
        and cards.next_review_at_micros < due.to_micros
left join time_zone_offsets as reviewed
    on
        cards.timezone = reviewed.timezone
        and cards.last_reviewed_at_micros >= reviewed.from_micros
        and cards.last_reviewed_at_micros < reviewed.to_micros
group by cards.user_id
