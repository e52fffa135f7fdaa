-- What: one row per option of the question.
-- Reads: analytics_question_options, question_options.
-- Why: which wrong answers attract whom.
-- Notes: option_text is null for a label that the catalogue does not have.
select
    options.option_label,
    texts.option_text,
    options.is_in_catalogue,
    options.is_key,
    options.share,
    options.option_rest_r
from analytics_question_options as options
left join question_options as texts
    on options.question_id = texts.question_id and options.option_label = texts.option_label
where options.question_id = $question_id
order by options.option_label
