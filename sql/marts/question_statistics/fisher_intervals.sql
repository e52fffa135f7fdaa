-- what: one row per question with a pooled item-rest correlation on more than 3 answers, with its 95 % interval
-- reads: pooled_items
-- why: a correlation on few answers says little; the interval says how little
-- notes: tanh(atanh r -+ 1.96 / sqrt(n - 3)), written in exponentials; a perfect r is its own interval
with ratios as (
    select
        question,
        item_rest,
        case when abs(item_rest) < 1 then (1 + item_rest) / nullif(1 - item_rest, 0) end as ratio,
        exp(2 * 1.96e0 / nullif(sqrt(rest_n - 3), 0)) as factor
    from pooled_items
    where item_rest is not null and rest_n > 3
)

select
    question,
    coalesce((ratio / nullif(factor, 0) - 1) / nullif(ratio / nullif(factor, 0) + 1, 0), item_rest)
        as low,
    coalesce((ratio * factor - 1) / nullif(ratio * factor + 1, 0), item_rest) as high
from ratios
