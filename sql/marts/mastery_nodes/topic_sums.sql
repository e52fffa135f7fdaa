-- what: one row per student and topic with evidence of its own, over all bands
-- reads: band_sums
-- why: four bands less to carry up the tree
-- notes: none
select
    student,
    topic,
    cast(sum(correct_nanos) as bigint) as correct_nanos,
    cast(sum(expected_nanos) as bigint) as expected_nanos,
    cast(sum(total_nanos) as bigint) as total_nanos,
    cast(sum(answers) as bigint) as answers,
    max(last_day) as last_day
from band_sums
group by student, topic
