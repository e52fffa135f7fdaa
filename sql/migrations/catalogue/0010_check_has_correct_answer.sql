-- What: deferred constraint trigger: at commit, a question with options has a correct one.
-- Reads: question_options.
-- Why: options are written one by one, so the rule holds only when the transaction ends.
-- Notes: see refuse_options_without_key.
create constraint trigger check_has_correct_answer
after insert or update or delete on question_options
deferrable initially deferred
for each row execute function refuse_options_without_key();
