-- what: one row per question and option label, chosen in a first attempt or in the catalogue
-- reads: catalogue_question_options, item_sums, option_correlations, question_numbers
-- why: tells a good distractor from a useless one, and both from a wrong key
-- notes: share of the answers with a recorded option; correlations pooled over tests by those answers
with recorded as (
    select
        numbers.question_id,
        numbers.question,
        cast(sum(case when sums.selected_option <> '' then sums.answers else 0 end) as bigint) as n
    from item_sums as sums
    inner join question_numbers as numbers on sums.question = numbers.question
    group by numbers.question_id, numbers.question
),

chosen as (
    select
        recorded.question_id,
        options.selected_option as option_label,
        cast(sum(options.o) as bigint) as times_chosen,
        cast(sum(case when options.option_rest is not null then options.n else 0 end) as bigint)
            as weights,
        cast(
            sum(cast(options.n * coalesce(options.option_rest, 0) as hugeint)) as decimal(38, 0)
        ) as weighted
    from option_correlations as options
    inner join recorded on options.question = recorded.question
    group by recorded.question_id, options.selected_option
),

labels as (
    select
        question_id,
        option_label
    from chosen
    union
    select
        options.question_id,
        options.option_label
    from catalogue_question_options as options
    inner join recorded on options.question_id = recorded.question_id
)

select
    labels.question_id,
    labels.option_label,
    options.option_label is not null as is_in_catalogue,
    coalesce(options.is_key, false) as is_key,
    coalesce(chosen.times_chosen, 0) as times_chosen,
    cast(
        (2 * coalesce(chosen.times_chosen, 0) * 10000 + recorded.n) // nullif(2 * recorded.n, 0)
        as decimal(9, 0)
    ) * 0.0001 as share,
    cast(
        floor(
            cast(chosen.weighted as double) / nullif(chosen.weights * 1e10, 0) * 10000 + 0.5e0
        ) / 10000 as decimal(5, 4)
    ) as option_rest_r
from labels
inner join recorded on labels.question_id = recorded.question_id
left join chosen
    on labels.question_id = chosen.question_id and labels.option_label = chosen.option_label
left join catalogue_question_options as options
    on labels.question_id = options.question_id and labels.option_label = options.option_label
