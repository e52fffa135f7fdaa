-- what: one row per student with flashcards, as the cards stand in the as-of date's week
-- reads: core_flashcards, due_cards, student_zones, time_zone_offsets
-- why: what is due by next Monday, and what was forgotten this week
-- notes: a card that was never scheduled is not due; a lapsed card is one reviewed this week whose repetition is 0
select
    cards.user_id,
    count(*) filter (where due.is_due) as cards_due,
    count(*) filter (
        where
        cards.repetition = 0
        and cards.last_reviewed_at_micros + reviewed.offset_micros
        >= $week_start_day * 86400000000
        and cards.last_reviewed_at_micros + reviewed.offset_micros
        < ($week_start_day + 7) * 86400000000
    ) as cards_lapsed
from core_flashcards as cards
inner join student_zones as students on cards.user_id = students.user_id
left join due_cards as due on cards.user_id = due.user_id and cards.card_id = due.card_id
left join time_zone_offsets as reviewed
    on
        students.timezone = reviewed.timezone
        and cards.last_reviewed_at_micros >= reviewed.from_micros
        and cards.last_reviewed_at_micros < reviewed.to_micros
group by cards.user_id
