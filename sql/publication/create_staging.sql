-- What: an empty temporary table with the columns and types of a published one.
-- Reads: the published table's definition.
-- Why: the lake's rows are loaded here first and compared inside the server.
-- Notes: gone at the end of the transaction; a temporary table writes no WAL.
create temporary table $staging on commit drop as
select $columns
from $target
with no data
