-- what: one row per catalogue question answered in a first attempt, with its quality
-- reads: fisher_intervals, option_signs, pooled_items, question_numbers, question_times
-- why: shows authors which questions to look at
-- notes: undefined is null; a flag is false when undecidable and under 30 answers
select
    numbers.question_id,
    items.n as times_answered,
    items.x as correct_count,
    cast((2 * items.x * 10000 + items.n) // nullif(2 * items.n, 0) as decimal(9, 0)) * 0.0001
        as facility,
    cast(times.average_hundredths as decimal(8, 0)) * 0.01 as average_time_seconds,
    cast(times.median_hundredths as decimal(8, 0)) * 0.01 as median_time_seconds,
    cast(floor(items.item_rest * 10000 + 0.5e0) / 10000 as decimal(5, 4)) as item_rest_r,
    cast(floor(fisher.low * 10000 + 0.5e0) / 10000 as decimal(5, 4)) as item_rest_r_low,
    cast(floor(fisher.high * 10000 + 0.5e0) / 10000 as decimal(5, 4)) as item_rest_r_high,
    cast(floor(items.item_total * 10000 + 0.5e0) / 10000 as decimal(5, 4)) as item_total_r,
    cast(floor(items.d27 * 10000 + 0.5e0) / 10000 as decimal(5, 4)) as d27,
    items.n >= 30
    and (
        coalesce(options.chosen >= 30 and options.distractor_r > options.key_r, false)
        or coalesce(fisher.high < 0, false)
    ) as key_suspect,
    items.n >= 30 and 100 * items.x > 95 * items.n as too_easy,
    items.n >= 30
    and (
        100 * items.x < 20 * items.n
        or coalesce(items.x * options.options < options.keys * items.n, false)
    ) as too_hard,
    items.n >= 30
    and coalesce(options.chosen >= 30 and options.least_share < 0.05, false)
        as non_functional_distractor
from pooled_items as items
inner join question_numbers as numbers on items.question = numbers.question
left join fisher_intervals as fisher on items.question = fisher.question
left join question_times as times on items.question = times.question
left join option_signs as options on numbers.question_id = options.question_id
