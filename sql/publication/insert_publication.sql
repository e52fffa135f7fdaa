-- What: notes one publication.
-- Reads: nothing.
-- Why: in the transaction that changes the published tables, so both are seen or neither.
-- Notes: published_at is the transaction's time, as is updated_at of the rows it changed.
insert into analytics_publications (
  sequence, as_of, export_chain, code_version, lake_version, lake_commit_id, tables, commit_id
)
values (
  %(sequence)s,
  %(as_of)s,
  %(export_chain)s,
  %(code_version)s,
  %(lake_version)s,
  %(lake_commit_id)s,
  %(tables)s,
  %(commit_id)s
)
