-- What: one row, the number of questions by flag.
-- Reads: analytics_question_statistics.
-- Why: the size of the review queue.
-- Notes: as many rows read as questions, tens of thousands.
select
    count(*) as questions,
    count(*) filter (where key_suspect) as key_suspect,
    count(*) filter (where too_hard) as too_hard,
    count(*) filter (where too_easy) as too_easy,
    count(*) filter (where non_functional_distractor) as non_functional_distractor
from analytics_question_statistics
