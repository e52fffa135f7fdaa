-- what: one row per student and topic with evidence of its own, over all bands
-- reads: mastery_evidence
-- why: any node of the tree is the plain sum of the topics below it
-- notes: mergeable: sums and a maximum
select
    student,
    topic,
    cast(sum(answers) as bigint) as answers,
    cast(sum(correct_nanos) as bigint) as correct_nanos,
    cast(sum(expected_nanos) as bigint) as expected_nanos,
    cast(sum(total_nanos) as bigint) as total_nanos,
    cast(sum(previous_answers) as bigint) as previous_answers,
    cast(sum(previous_correct_nanos) as bigint) as previous_correct_nanos,
    cast(sum(previous_expected_nanos) as bigint) as previous_expected_nanos,
    cast(sum(previous_total_nanos) as bigint) as previous_total_nanos,
    max(utc_day) as last_day
from mastery_evidence
group by student, topic
