-- What: takes in the rows of a release.
-- Reads: standard input.
-- Why: hundreds of thousands of rows in about a second.
-- Notes: the columns in the order of the declaration.
copy analytics_released_aggregates (
    figure, item, part, university, students, total, members, as_of,
    previous_students, previous_total, previous_as_of
) from stdin
