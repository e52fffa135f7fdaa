-- What: deletes the rows of one student from one table.
-- Reads: a table with a column of user ids.
-- Why: erasure.
-- Notes: none.
delete from $target
where $column = $user_id
