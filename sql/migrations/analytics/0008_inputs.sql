-- What: the counts per data file of the exports, and the references that nothing resolves.
-- Reads: nothing.
-- Why: an operator sees that no item was lost and what the catalogue lacks.
-- Notes: references are texts as attempts write them.
create table analytics_export_files (
    export_arn text not null,
    table_name text not null,
    file_key text not null,
    item_count bigint not null,
    accepted bigint not null,
    quarantined bigint not null,
    unrecognised bigint not null,
    updated_at timestamptz not null default current_timestamp,
    primary key (export_arn, file_key)
);

create table analytics_unresolved_references (
    kind text not null,
    reference text not null,
    occurrences bigint not null,
    first_seen timestamptz not null,
    last_seen timestamptz not null,
    updated_at timestamptz not null default current_timestamp,
    primary key (kind, reference)
);

create index analytics_unresolved_references_occurrences
on analytics_unresolved_references (kind, occurrences desc);
