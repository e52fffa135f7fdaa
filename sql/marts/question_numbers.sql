-- what: one row per catalogue question, with numbers for itself, its topic and its band
-- reads: catalogue_questions, mastery_tree
-- why: whole numbers join and group several times faster than the texts they stand for
-- notes: band 1 easy, 2 medium, 3 hard, 0 none
select
    questions.question_id,
    questions.topic_id,
    questions.difficulty,
    questions.is_active,
    topics.node as topic,
    cast(row_number() over (order by questions.question_id) as bigint) as question,
    cast(
        case questions.difficulty
            when 'easy' then 1 when 'medium' then 2 when 'hard' then 3 else 0
        end
        as bigint
    ) as band
from catalogue_questions as questions
left join mastery_tree as topics
    on topics.kind = 'topic' and questions.topic_id = topics.node_id
