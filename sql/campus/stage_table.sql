-- What: a temporary copy of a catalogue table's columns (one row per row of its CSV file).
-- Reads: the catalogue table.
-- Why: COPY cannot update, so rows are staged first.
-- Notes: parameters are identifiers that load_catalogue quotes; gone when the transaction ends.
create temporary table $staging (like $table including defaults) on commit drop;
