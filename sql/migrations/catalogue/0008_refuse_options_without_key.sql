-- What: trigger function that refuses a question whose options are all wrong.
-- Reads: question_options.
-- Why: MavPrep's document has it as a check with a subquery, which Postgres does not allow.
-- Notes: a question without any option (short answer, essay) passes.
create or replace function refuse_options_without_key() returns trigger
language plpgsql as $$
declare
  question uuid;
begin
  foreach question in array case
    when tg_op = 'INSERT' then array[new.question_id]
    when tg_op = 'DELETE' then array[old.question_id]
    else array[old.question_id, new.question_id]
  end
  loop
    if exists (select 1 from question_options where question_id = question)
      and not exists (select 1 from question_options where question_id = question and is_correct)
    then
      raise check_violation using
        message = 'question ' || question || ' has options but no correct one',
        constraint = 'check_has_correct_answer';
    end if;
  end loop;
  return null;
end
$$;
