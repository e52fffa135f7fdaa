-- What: the rows of one catalogue CSV file (one row per line).
-- Reads: the file, streamed by the caller.
-- Why: COPY is the quickest way in.
-- Notes: the header line must name the columns in this order.
copy $staging ($columns) from stdin with (format csv, header match);
