-- what: one row per question with recorded times, with their mean and median
-- reads: answer_times
-- why: a question that takes long is a question that costs a test
-- notes: in hundredths of a second, halves up; the median of an even number is the mean of the middle two
with ranked as (
    select
        question,
        micros,
        answers,
        cast(sum(answers) over (partition by question order by micros) as bigint) as up_to,
        cast(sum(answers) over (partition by question) as bigint) as total
    from answer_times
),

medians as (
    select
        question,
        cast(sum(micros * answers) as bigint) as micros_sum,
        cast(sum(answers) as bigint) as total,
        min(case when up_to >= (total + 1) // 2 then micros end) as lower_middle,
        min(case when up_to >= (total + 2) // 2 then micros end) as upper_middle
    from ranked
    group by question
)

select
    question,
    (2 * micros_sum + 10000 * total) // nullif(20000 * total, 0)
        as average_hundredths,
    (lower_middle + upper_middle + 10000) // 20000 as median_hundredths
from medians
