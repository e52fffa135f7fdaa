-- What: removes the trigger of the next file, so that it can be made again.
-- Reads: question_options.
-- Why: a constraint trigger has no "create or replace".
-- Notes: none.
drop trigger if exists check_has_correct_answer on question_options;
