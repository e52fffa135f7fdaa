-- what: one row per catalogue question, with what an answer to it counts for
-- reads: question_numbers, question_rates
-- why: one small table to look up for every first answer
-- notes: rates in millionths, this week's and the one before
select
    numbers.question,
    numbers.topic,
    numbers.band,
    rates.rate_millionths,
    rates.previous_rate_millionths
from question_numbers as numbers
inner join question_rates as rates on numbers.question_id = rates.question_id
where numbers.topic is not null
