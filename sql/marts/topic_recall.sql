-- what: one row per student and topic with flashcards tagged by it
-- reads: card_recalls, tagged_cards
-- why: memory of known cards stands beside mastery of new questions, never in it
-- notes: recall is the mean over reviewed cards; due as in student_week
with counted as (
    select
        tagged.user_id,
        tagged.topic_id,
        count(*) as cards,
        cast(sum(case when recalls.is_due then 1 else 0 end) as bigint) as due,
        count(recalls.recall_millionths) as reviewed,
        cast(sum(recalls.recall_millionths) as bigint) as millionths
    from tagged_cards as tagged
    inner join card_recalls as recalls
        on tagged.user_id = recalls.user_id and tagged.card_id = recalls.card_id
    group by tagged.user_id, tagged.topic_id
)

select
    user_id,
    topic_id,
    cards,
    due,
    cast(
        cast((2 * millionths + 100 * reviewed) // nullif(200 * reviewed, 0) as decimal(9, 0))
        * 0.0001
        as decimal(5, 4)
    ) as recall
from counted
