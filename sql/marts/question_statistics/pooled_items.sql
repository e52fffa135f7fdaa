-- what: one row per question, with its correlations pooled over tests by answers
-- reads: item_correlations
-- why: a question may stand in several tests
-- notes: a test where a correlation is undefined has no say in it; rest_n are the answers of those that have
with weighted as (
    select
        question,
        cast(sum(n) as bigint) as n,
        cast(sum(x) as bigint) as x,
        cast(sum(case when item_rest is not null then n else 0 end) as bigint) as rest_n,
        cast(sum(case when item_total is not null then n else 0 end) as bigint) as total_n,
        cast(sum(case when d27 is not null then n else 0 end) as bigint) as d27_n,
        cast(sum(cast(n * coalesce(item_rest, 0) as hugeint)) as decimal(38, 0)) as rest_sum,
        cast(sum(cast(n * coalesce(item_total, 0) as hugeint)) as decimal(38, 0)) as total_sum,
        cast(sum(cast(n * coalesce(d27, 0) as hugeint)) as decimal(38, 0)) as d27_sum
    from item_correlations
    group by question
)

select
    question,
    n,
    x,
    rest_n,
    cast(rest_sum as double) / nullif(rest_n * 1e10, 0) as item_rest,
    cast(total_sum as double) / nullif(total_n * 1e10, 0) as item_total,
    cast(d27_sum as double) / nullif(d27_n * 1e10, 0) as d27
from weighted
