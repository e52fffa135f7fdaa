-- what: one row per student and subject with evidence
-- reads: known_students, mastery_chain, mastery_tree
-- why: what students, teachers and rankings see of mastery
-- notes: previous_mastery is the same reading at the end of the ISO week before
select
    students.user_id,
    tree.node_id as subject_id,
    chain.mastery,
    chain.mastery_low,
    chain.mastery_high,
    chain.level,
    chain.answers,
    chain.last_day as last_answered_on,
    chain.previous_mastery
from mastery_chain as chain
inner join mastery_tree as tree on chain.node = tree.node and tree.kind = 'subject'
inner join known_students as students on chain.student = students.student
order by students.student, tree.node
