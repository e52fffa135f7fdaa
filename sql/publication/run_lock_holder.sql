-- What: at most one row: the server process of the run at work, and when it last did something.
-- Reads: the locks and sessions of this database.
-- Why: a run that is stopped in the middle does nothing; it must not keep others from working.
-- Notes: null last_beat: the holder belongs to another role, whose sessions are not shown to us.
select
    l.pid,
    a.state_change as last_beat
from pg_locks as l
inner join pg_stat_activity as a on l.pid = a.pid
where
    l.locktype = 'advisory'
    and l.granted
    and l.database = (select d.oid from pg_database as d where d.datname = current_database())
    and (l.classid, l.objid, l.objsubid) = (7233719, 42816, 2)
