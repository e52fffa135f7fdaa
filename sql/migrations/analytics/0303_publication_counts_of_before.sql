-- What: fills the rows and digests of the publications of before.
-- Reads: analytics_publications.
-- Why: see 0302.
-- Notes: none.
update analytics_publications
set
    row_counts = (
        select coalesce(jsonb_object_agg(t.key, t.value -> 'rows'), '{}'::jsonb)
        from jsonb_each(analytics_publications.tables) as t
    ),
    digests = (
        select coalesce(jsonb_object_agg(t.key, t.value -> 'digest'), '{}'::jsonb)
        from jsonb_each(analytics_publications.tables) as t
    )
