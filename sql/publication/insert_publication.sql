-- What: notes one publication.
-- Reads: nothing.
-- Why: in the transaction that changes the published tables, so both are seen or neither.
-- Notes: published_at is the transaction's time, as is updated_at of the rows it changed.
insert into analytics_publications (
    sequence,
    as_of,
    export_chain,
    code_version,
    lake_version,
    lake_commit_id,
    tables,
    row_counts,
    digests,
    commit_id
)
values (
    $sequence,
    $as_of,
    $export_chain,
    $code_version,
    $lake_version,
    $lake_commit_id,
    $tables,
    $row_counts,
    $digests,
    $commit_id
)
