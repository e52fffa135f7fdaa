-- What: one row per question and option label.
-- Reads: question_options.
-- Why: the key of a question, and the options that nobody chose.
-- Notes: without a label the place counts (1, 2 …). Options that share a label cannot be told apart
--        in an answer, so they are one row, a key if one of them is correct.
with labelled as (
    select
        o.question_id,
        o.is_correct,
        coalesce(
            nullif(btrim(o.option_label), ''),
            row_number() over (partition by o.question_id order by o.order_index, o.id)::text
        ) as option_label
    from question_options as o
)

select
    labelled.question_id::text as question_id,
    labelled.option_label,
    bool_or(coalesce(labelled.is_correct, false)) as is_key
from labelled
group by labelled.question_id, labelled.option_label
order by labelled.question_id, labelled.option_label collate "C"
