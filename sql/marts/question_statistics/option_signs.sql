-- what: one row per question with options in the catalogue, with what its options give away
-- reads: question_options
-- why: a wrong option that strong students choose is a wrong key; one that nobody chooses is no distractor
-- notes: labels that only students wrote are left out; keys by options is the score of a blind guess
select
    question_id,
    cast(sum(times_chosen) as bigint) as chosen,
    cast(sum(case when is_key then 1 else 0 end) as bigint) as keys,
    count(*) as options,
    max(case when is_key then option_rest_r end) as key_r,
    max(case when not is_key then option_rest_r end) as distractor_r,
    min(case when not is_key then share end) as least_share
from question_options
where is_in_catalogue
group by question_id
