-- What: loads the lake's rows of one table.
-- Reads: CSV from the client; null is an empty field, everything else is quoted.
-- Why: the quickest way in that streams and that casts by the column's own type.
-- Notes: none.
copy $staging ($columns) from stdin with (format csv)
