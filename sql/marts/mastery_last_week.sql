-- what: one row per student and node with evidence by the end of the ISO week before
-- reads: mastery_chain
-- why: change is shown against last week; it stays the same all week
-- notes: the chain that it reads is last week's: same models, reading day seven days earlier
select
    student,
    node,
    mastery
from mastery_chain
