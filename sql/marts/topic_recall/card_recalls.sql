-- what: one row per flashcard, with the chance that its student recalls it on the reading day
-- reads: core_flashcards, due_cards, recall_curve
-- why: a card reviewed once has a history that FSRS can read; of others only SM-2's interval is known
-- notes: SM-2: 0.9^(days / interval), the interval at least a day; in millionths; null: never reviewed
with aged as (
    select
        user_id,
        card_id,
        review_count,
        correct_count,
        greatest(cast(interval_days as double), 1e0) as interval_days,
        greatest(
            $reading_day - ((last_reviewed_at_micros + 86400000000000000) // 86400000000 - 1000000),
            0
        ) as days,
        last_reviewed_at_micros is not null as is_reviewed
    from core_flashcards
)

select
    aged.user_id,
    aged.card_id,
    coalesce(due.is_due, false) as is_due,
    case
        when aged.is_reviewed
            then coalesce(
                curve.recall_millionths,
                cast(
                    floor(
                        pow(0.9e0, aged.days / nullif(aged.interval_days, 0)) * 1000000 + 0.5e0
                    ) as bigint
                )
            )
    end as recall_millionths
from aged
left join due_cards as due on aged.user_id = due.user_id and aged.card_id = due.card_id
left join recall_curve as curve
    on
        aged.review_count = 1
        and aged.days = curve.days
        and (aged.correct_count > 0) = curve.is_correct
