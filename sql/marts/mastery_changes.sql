-- what: one row per student with a topic that was read the week before, too
-- reads: topic_mastery
-- why: how much mastery moved within a week, in one number per student
-- notes: the change is summed over the topics, in ten-thousandths
select
    user_id,
    count(*) as topics,
    cast(sum(mastery - previous_mastery) * 10000 as bigint) as change
from topic_mastery
where previous_mastery is not null
group by user_id
