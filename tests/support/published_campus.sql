-- What: a generated campus in a migrated database, as a publication leaves it.
-- Reads: nothing; everything derives from row numbers, so it is repeatable.
-- Why: the dashboards' tests and benchmark need true ranks at any size, in seconds.
-- Notes: parameters in psycopg's form; run by published_campus.py.
create function pg_temp.id(kind text, n bigint) returns uuid language sql immutable as
$$ select cast(md5(kind || n) as uuid) $$;
insert into subjects (id, code, name)
select pg_temp.id('subject', n), upper(left(name, 4)) || ' 10' || n, name
from unnest(%(subjects)s::text[]) with ordinality as named (name, n);
insert into topics (id, subject_id, parent_topic_id, name, order_index)
select pg_temp.id('topic', s * 100 + t), pg_temp.id('subject', s), null,
  (array['Foundations','Methods','Structures','Processes','Systems','Change','Practice','Synthesis'])[t], t
from generate_series(1, 6) as s, generate_series(1, 8) as t;
insert into topics (id, subject_id, parent_topic_id, name, order_index)
select pg_temp.id('topic', s * 100 + t * 10 + c), pg_temp.id('subject', s), pg_temp.id('topic', s * 100 + t),
  'Part ' || c || ' of ' || (array['Foundations','Methods'])[t], c
from generate_series(1, 6) as s, generate_series(1, 2) as t, generate_series(1, 3) as c;
insert into questions (id, topic_id, question_text, question_type, difficulty_level)
select pg_temp.id('question', n), pg_temp.id('topic', (n %% 6 + 1) * 100 + n %% 8 + 1),
  'Which statement about case ' || n || ' is right, given what the table shows?', 'multiple_choice',
  (array['easy','medium','hard'])[n %% 3 + 1]
from generate_series(1, %(questions)s) as n;
begin;
insert into question_options (question_id, option_text, option_label, is_correct, order_index)
select pg_temp.id('question', n), 'Answer ' || chr(64 + o) || ' of case ' || n, chr(64 + o), o = n %% 4 + 1, o
from generate_series(1, %(questions)s) as n, generate_series(1, 4) as o;
commit;
insert into test_templates (id, subject_id, name)
select pg_temp.id('test', n), pg_temp.id('subject', n %% 6 + 1), 'Practice test ' || n
from generate_series(1, %(tests)s) as n;

insert into analytics_students (user_id, university, display_name)
select 'u' || lpad(cast(n as text), 7, '0'),
  case when n %% 37 = 0 then null when n <= 6 then %(small)s
    else (array['Ashby','Brook','Calder','Hartwell','Kestrel','Linden','Marlow','Northfield','Oakmont','Riverside'])[n %% 10 + 1]
      || (array[' University',' College',' Institute'])[n %% 3 + 1] || ' ' || (n %% 40000 * 7919) %% %(universities)s end,
  case when n = 11 then %(hostile)s when n %% 5 < 3 then
    (array['Jonas','Ines','Omar','Maya','Emil','Luis','Mina','Tomas','Ivan','Zoë'])[n %% 10 + 1] || ' '
      || (array['Reyes','Moreau','Adeyemi','Lindqvist','Tanaka','Okafor','Weber'])[n %% 7 + 1] end
from generate_series(1, %(students)s) as n;
create temporary table values_of as
select user_id, university, cast(row_number() over (order by user_id) as integer) as n,
  cast(floor(power(('x' || left(md5(user_id), 6))::bit(24)::int / 16777216.0, 3) * 5000) as numeric) as value
from analytics_students;

insert into analytics_rankings
  (metric, scope, scope_key, user_id, rank, dense_rank, tie_size, population, percentile, value,
   previous_rank, moved_by_self, moved_by_others, moved_by_joiners, moved_by_leavers)
select metric, scope, scope_key, user_id, rank, dense_rank, tie_size, population,
  round(100.0 * (population - rank - tie_size + 1 + 0.5 * tie_size) / population, 2), value,
  case when n %% 19 > 0 then greatest(rank + jump, 1) end,
  case when n %% 19 > 0 then greatest(rank + jump, 1) - rank - 3 end,
  case when n %% 19 > 0 then 4 end, case when n %% 19 > 0 then -2 end, case when n %% 19 > 0 then 1 end
from (
  select scoped.*, n * 31 %% 141 - 70 as jump,
    rank() over ranking as rank, dense_rank() over ranking as dense_rank,
    count(*) over (partition by metric, scope, scope_key, value) as tie_size,
    count(*) over (partition by metric, scope, scope_key) as population
  from (
    select 'reputation' as metric, 'global' as scope, '' as scope_key, user_id, n, value from values_of
    union all
    select 'reputation', 'university', university, user_id, n, value from values_of where university is not null
    union all
    select 'reputation', 'subject', cast(cast(md5('subject' || n %% 6 + 1) as uuid) as text), user_id, n, value
    from values_of where n %% 3 = 0 and n <= %(detailed)s
    union all
    select 'performance', 'subject', cast(cast(md5('subject' || n %% 6 + 1) as uuid) as text), user_id, n,
      round(0.2 + 0.7 * value / 5000, 4)
    from values_of where n %% 2 = 0 and n <= %(detailed)s
  ) as scoped
  window ranking as (partition by metric, scope, scope_key order by value desc)
) as ranked;

insert into analytics_test_leaderboard
  (test_id, test_template_id, user_id, rank, dense_rank, tie_size, participants, percentile, attempts,
   score, seconds, achieved_at, display_name)
select test_id, template_id, user_id, rank() over board, dense_rank() over board,
  count(*) over (partition by test_id, score, seconds), count(*) over (partition by test_id),
  50, attempts, score, seconds, at, display_name
from (
  select case when t = 1 then 'mock/exam ?1' else cast(cast(md5('test' || t) as uuid) as text) end as test_id,
    case when t > 1 then cast(md5('test' || t) as uuid) end as template_id, v.user_id, 1 + n %% 4 as attempts,
    cast(40 + n * 17 %% 61 as numeric) as score, cast(300 + n * 13 %% 3000 as numeric) as seconds,
    timestamptz '2026-11-18 10:00Z' - n %% 90 * interval '7 hours' as at, s.display_name
  from values_of as v inner join analytics_students as s on s.user_id = v.user_id,
    generate_series(1, %(tests)s) as t
  where v.n <= %(detailed)s and (v.n + t) %% 4 = 0
) as best
window board as (partition by test_id order by score desc, seconds);
insert into analytics_test_statistics (test_id, test_template_id, n, items, kr20, alpha, sem)
select distinct test_id, test_template_id, 120, 25, 0.7812, 0.7790, 2.1 from analytics_test_leaderboard where rank = 1;

create temporary table readings as
select v.user_id, v.n, s, pg_temp.id('subject', s) as subject_id, t.id as topic_id, t.order_index,
  least(greatest(round(cast(0.25 + 0.6 * v.value / 5000 + ((v.n * 7 + t.order_index * 13 + s) %% 40) / 100.0 as numeric), 4), 0.05), 0.97) as m
from values_of as v inner join generate_series(1, 6) as s on (v.n + s) %% 3 = 0
inner join topics as t on t.subject_id = pg_temp.id('subject', s)
where v.n <= %(detailed)s;
insert into analytics_topic_mastery
  (user_id, topic_id, subject_id, mastery, mastery_low, mastery_high, level, answers, last_answered_on, previous_mastery)
select user_id, topic_id, subject_id, m, greatest(m - .12, 0), least(m + .1, 1),
  case when n %% 11 = 0 then 'not_enough_data' when m < .5 then 'starting' when m < .7 then 'developing'
    when m < .9 then 'proficient' else 'mastered' end,
  5 + n %% 40, date '2026-11-17' - n %% 20, case when n %% 7 > 0 then round(m - 0.02 + 0.01 * (n %% 5), 4) end
from readings;
insert into analytics_subject_mastery
  (user_id, subject_id, mastery, mastery_low, mastery_high, level, answers, last_answered_on, previous_mastery)
select user_id, subject_id, round(avg(mastery), 4), round(avg(mastery_low), 4), round(avg(mastery_high), 4),
  'developing', sum(answers), max(last_answered_on), round(avg(previous_mastery), 4)
from analytics_topic_mastery group by user_id, subject_id;
insert into analytics_difficulty_mastery
  (user_id, difficulty, mastery, mastery_low, mastery_high, level, answers, last_answered_on, previous_mastery)
select user_id, d, round(avg(mastery), 4), round(avg(mastery_low), 4), round(avg(mastery_high), 4), 'developing', 30,
  max(last_answered_on), null
from analytics_topic_mastery, unnest(array['easy','medium','hard']) as d group by user_id, d;
insert into analytics_topic_recall (user_id, topic_id, cards, due, recall)
select user_id, topic_id, 12, 3, .84 from readings where n %% 5 = 0 and order_index = 2;
insert into analytics_student_week
  (user_id, week_start, tests, questions, correct, study_minutes, minutes_monday, minutes_tuesday, minutes_wednesday,
   minutes_thursday, minutes_friday, minutes_saturday, minutes_sunday, active_days, flashcards_reviewed, streak_days,
   longest_streak_days, is_active, is_active_in_four_weeks, cards_due, cards_lapsed, plan_tasks_planned, plan_tasks_done,
   next_milestone_on, next_milestone)
select user_id, date '2026-11-16' - 7 * w, n %% 5, 40, 22 + n %% 15, 60 + (n * (w + 3)) %% 200, 10, 20, 0, 30, 0, 0, 0, 3, 12,
  n %% 9, 14, true, true, case when w = 0 then n %% 30 end, case when w = 0 then 2 end, 4, 2, date '2026-12-01', 'Complete all derivative topics'
from values_of, generate_series(0, 5) as w where n <= %(detailed)s;

insert into analytics_question_statistics
  (question_id, times_answered, correct_count, facility, average_time_seconds, median_time_seconds, item_rest_r,
   item_rest_r_low, item_rest_r_high, item_total_r, d27, key_suspect, too_easy, too_hard, non_functional_distractor)
select id, answers, floor(answers * facility), facility, 61.5, 52, r, case when r is not null then greatest(r - .12, -1) end,
  case when r is not null then least(r + .12, 1) end, r, r,
  answers >= 30 and coalesce(r, 0) < -.12, answers >= 30 and facility > .95, answers >= 30 and facility < .2, answers >= 30 and n %% 13 = 0
from (
  select pg_temp.id('question', n) as id, n, case when n %% 50 = 0 then 4 else 20 + n * 37 %% 900 end as answers,
    round(cast(.08 + (n * 7919 %% 900) / 1000.0 as numeric), 4) as facility,
    case when n %% 41 > 0 then round(cast(-.25 + (n * 104729 %% 900) / 1000.0 as numeric), 4) end as r
  from generate_series(1, %(questions)s) as n
) as made;
insert into analytics_question_options (question_id, option_label, is_in_catalogue, is_key, times_chosen, share, option_rest_r)
select pg_temp.id('question', n), chr(64 + o), true, o = n %% 4 + 1, 10 * o, o / 10.0, round((3 - o) / 10.0, 4)
from generate_series(1, %(questions)s) as n, generate_series(1, 4) as o;

insert into analytics_subject_performance
  (user_id, subject_id, date, tests_taken, questions_answered, correct_answers, average_score, study_time_minutes)
select user_id, pg_temp.id('subject', n %% 6 + 1), date '2026-11-19' - d, 3, 30, 18 + d %% 5, 62, 40
from values_of, generate_series(0, 99) as d
where (n + d * 5) %% (6 + 3 * (d %% 7 / 5)) = 0 and n <= %(detailed)s;

insert into analytics_publications
  (sequence, as_of, export_chain, code_version, lake_version, lake_commit_id, tables, commit_id, published_at)
select n, %(as_of)s::date - (3 - n), '{"arn:aws:dynamodb:us-east-1:1:table/MavPrep-Users": {"head": "2026-11-19T00:00:00+00:00", "exports": [
    {"arn": "arn:aws:dynamodb:us-east-1:1:table/MavPrep-Users/export/01700000000001", "kind": "full", "from": null, "to": "2026-11-18T00:00:00+00:00", "digest": "00ff"},
    {"arn": "arn:aws:dynamodb:us-east-1:1:table/MavPrep-Users/export/01700000000002", "kind": "incremental", "from": "2026-11-18T00:00:00+00:00", "to": "2026-11-19T00:00:00+00:00", "digest": "00ff"}]}}', '0.1.0', n, 'lake',
  '{"rankings": {"rows": 20000, "upserted": 120, "deleted": 3, "digest": "0123456789abcdef0123456789abcdef"}}',
  'commit' || n, (%(as_of)s::date - (3 - n)) + interval '28 hours'
from generate_series(1, 3) as n;
insert into analytics_export_files (export_arn, table_name, file_key, item_count, accepted, quarantined, unrecognised)
select 'arn:aws:dynamodb:us-east-1:1:table/MavPrep-Users/export/0170000000000' || n, 'MavPrep-Users', 'data/' || n || f, 1000, 997, 2, 1
from generate_series(1, 3) as n, generate_series(1, 4) as f;
insert into analytics_unresolved_references (kind, reference, occurrences, first_seen, last_seen)
values ('topic', 'derivatves', 14, '2026-11-01Z', '2026-11-18Z'), ('unknown_user', 'ghost-student', 3, '2026-11-01Z', '2026-11-18Z');
insert into analytics_weekly_reports
  (user_id, week_start, kind, language, timezone, due_at, payload, payload_version, subject, as_of, lake_version, status, reason, attempts)
select user_id, w.week_start, 'full', 'en', 'UTC', w.week_start + 7 + interval '7 hours', '{"name": "x"}', 1,
  'Your week: ' || n %% 9 || ' h, Methods up ' || n %% 14 || ' points', w.week_start + 6, 1,
  (array['sent','sent','sent','sent','sent','failed','suppressed','unknown','expired','sent'])[n %% 10 + 1],
  case n %% 10 when 5 then 'MessageRejected' when 6 then 'unsubscribed' when 7 then 'connection lost' when 8 then 'too late' end, 1
from values_of, (values (date '2026-11-09'), (date '2026-11-02')) as w (week_start) where n <= %(detailed)s and n %% 3 > 0;
