-- What: moves the fence to the next publication.
-- Reads: analytics_publication_fence.
-- Why: the comparison refuses a publisher that did not see the newest publication, lock or no lock.
-- Notes: changes no row if another publication came in between.
update analytics_publication_fence
set sequence = $sequence
where sequence = $sequence - 1
