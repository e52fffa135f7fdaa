"""Role x page x scope against real Postgres: who gets which page, and whose rows stand on it."""

import base64
import csv
import io
import json
import re
from typing import Any

import httpx
import psycopg
import pytest
from dashboard_clients import LOGINS, SECRET, UNIVERSITY, SignedIn, app_of_tests, clients_of
from pydantic import SecretStr
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from mavprep_analytics.dashboard.app import create_app
from mavprep_analytics.dashboard.database import Database
from mavprep_analytics.dashboard.paging import Cursor
from mavprep_analytics.settings import Settings

EVERYONE = (200, 200, 200)
ADMINS_ONLY = (200, 200, 403)
PAGES = {
    "/": EVERYONE,
    "/rankings": EVERYONE,
    "/rankings?board=reputation-university": EVERYONE,
    "/rankings?board=reputation-subject": EVERYONE,
    "/rankings?board=performance-subject": EVERYONE,
    "/rankings.csv": EVERYONE,
    "/tests": EVERYONE,
    "/tests/mock%2Fexam%20%3F1": EVERYONE,
    "/tests/mock%2Fexam%20%3F1/board.csv": EVERYONE,
    "/students": ADMINS_ONLY,
    "/students?q=ines": ADMINS_ONLY,
    "/students/u0000011": ADMINS_ONLY,
    "/students/u0000011/reports/2026-11-09": ADMINS_ONLY,
    "/students/u0000011/reports/2026-11-09/mail": ADMINS_ONLY,
    "/students/u0000012": (200, 404, 403),
    "/students/u0000014/reports/2026-11-09": (200, 404, 403),
    "/students/u0000014/reports/2026-11-09/mail": (200, 404, 403),
    "/mastery": EVERYONE,
    "/mastery.csv": EVERYONE,
    "/questions": EVERYONE,
    "/questions.csv": EVERYONE,
    "/reports": EVERYONE,
    "/reports.csv": ADMINS_ONLY,
    "/freshness": EVERYONE,
    "/definitions": EVERYONE,
    "/rankings?university=Ashby+College+30": (200, 404, 200),
    "/rankings.csv?university=Ashby+College+30": (200, 404, 200),
}


@pytest.mark.parametrize("path", PAGES)
def test_each_role_gets_its_pages_and_no_other(path: str, signed_in: SignedIn) -> None:
    found = tuple(signed_in(login).get(path).status_code for login in LOGINS)
    assert found == PAGES[path]


@pytest.mark.parametrize("path", PAGES)
def test_nobody_gets_a_page_without_a_login_or_with_an_unlisted_one(
    path: str, signed_in: SignedIn
) -> None:
    assert signed_in(None).get(path).status_code == 401
    assert signed_in("student-7").get(path).status_code == 403
    forged = {"x-mavprep-proxy-secret": SECRET + "x", "x-forwarded-user": "global"}
    assert signed_in(None).get(path, headers=forged).status_code == 401


def students_on(page: str) -> set[str]:
    return set(re.findall(r"u\d{7}", page))


def of_university(campus_url: str, university: str) -> set[str]:
    with psycopg.connect(campus_url) as connection:
        rows = connection.execute(
            "select user_id from analytics_students where university = %s", (university,)
        )
        return {row[0] for row in rows}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/rankings",
        "/rankings?from_rank=500",
        "/rankings?q=u00",
        "/rankings?board=reputation-subject",
        "/rankings?board=performance-subject",
        "/rankings.csv",
        "/rankings.csv?board=performance-subject",
        "/tests/mock%2Fexam%20%3F1",
        "/tests/mock%2Fexam%20%3F1/board.csv",
        "/students?q=u0",
        "/reports",
        "/reports?status=sent",
        "/reports.csv",
        "/freshness",
    ],
)
def test_a_university_admin_sees_students_of_the_own_university_only(
    path: str, signed_in: SignedIn, campus_url: str
) -> None:
    own = of_university(campus_url, UNIVERSITY)
    seen = students_on(signed_in("school").get(path).text)
    assert seen <= own
    assert students_on(signed_in("global").get(path).text) - own or path == "/freshness"


def test_the_csv_of_a_university_admin_holds_exactly_the_own_students(
    signed_in: SignedIn, campus_url: str
) -> None:
    assert students_on(signed_in("school").get("/rankings.csv").text) == of_university(
        campus_url, UNIVERSITY
    )


@pytest.mark.parametrize(
    "path",
    ["/", "/rankings", "/rankings?q=u00", "/rankings.csv", "/tests/mock%2Fexam%20%3F1",
     "/tests/mock%2Fexam%20%3F1/board.csv", "/reports", "/rankings?q=ines"],
)  # fmt: skip
def test_an_analyst_sees_no_name(path: str, signed_in: SignedIn) -> None:
    names = re.compile(r"\b(Jonas|Ines|Omar|Maya|Emil|Luis|Mina|Tomas|Ivan|Zo\u00eb) [A-Z]")
    assert not names.search(signed_in("analyst").get(path).text)
    assert names.search(signed_in("global").get(path).text)


def test_a_cursor_of_one_viewer_gives_another_no_foreign_row(
    signed_in: SignedIn, campus_url: str
) -> None:
    page = signed_in("global").get("/rankings").text
    link = re.search(r'rel="next" href="([^"]+)"', page)
    assert link
    seen = students_on(signed_in("school").get(link[1].replace("&amp;", "&")).text)
    assert seen
    assert seen <= of_university(campus_url, UNIVERSITY)


def test_only_a_global_admin_sees_references_that_stand_for_students(signed_in: SignedIn) -> None:
    found = [("ghost-student" in signed_in(login).get("/freshness").text) for login in LOGINS]
    assert found == [True, False, False]


def test_the_heat_map_shows_a_university_admin_the_own_row_and_the_sum(signed_in: SignedIn) -> None:
    page = signed_in("school").get("/mastery").text
    rows = re.findall(r'<th scope="row">(?:<bdi>)?([^<]+)</', page)
    assert set(rows) == {"All shown", UNIVERSITY}


def test_every_download_is_recorded_before_it_leaves(signed_in: SignedIn, campus_url: str) -> None:
    before = audit(campus_url)
    answer = signed_in("school").get("/rankings.csv?board=performance-subject")
    after = audit(campus_url)
    assert answer.status_code == 200
    assert len(after) == len(before) + 1
    login, role, university, export, filters, publication = after[-1]
    assert (login, role, university) == ("school", "university_admin", UNIVERSITY)
    assert (export, publication) == ("rankings", 3)
    assert filters["board"] == "performance-subject"


def audit(campus_url: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(campus_url) as connection:
        return connection.execute(
            "select login, role, university, export, filters, publication"
            " from analytics_dashboard_audit order by audit_id"
        ).fetchall()


def test_a_download_that_cannot_be_recorded_is_refused(
    campus_url: str, signed_in: SignedIn
) -> None:
    with psycopg.connect(campus_url) as connection:
        connection.execute("alter table analytics_dashboard_audit rename to hidden_audit")
    try:
        answer = signed_in("global").get("/rankings.csv")
    finally:
        with psycopg.connect(campus_url) as connection:
            connection.execute("alter table hidden_audit rename to analytics_dashboard_audit")
    assert answer.status_code == 503
    assert "u0" not in answer.text


def test_a_login_gets_only_so_many_downloads_within_an_hour(campus_url: str) -> None:
    with psycopg.connect(campus_url) as connection:
        connection.execute(
            "insert into analytics_dashboard_audit (login, role, export, filters, publication, occurred_at)"
            " values ('analyst', 'analyst', 'x', '{}', 1, now() - interval '61 minutes')"
        )
    made = len([row for row in audit(campus_url) if row[0] == "analyst"]) - 1
    with clients_of(app_of_tests(campus_url, dashboard_downloads_per_hour=made + 2)) as limited:
        statuses = [limited("analyst").get("/rankings.csv").status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
    assert len([row for row in audit(campus_url) if row[0] == "analyst"]) == made + 3


def test_a_csv_holds_every_row_in_order_and_no_formula(signed_in: SignedIn) -> None:
    answer = signed_in("global").get("/rankings.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"), newline="")))
    assert len(rows) == 20_000
    assert [int(row["rank"]) for row in rows] == sorted(int(row["rank"]) for row in rows)
    assert answer.headers["content-disposition"] == (
        'attachment; filename="rankings_reputation-global_as-of-2026-11-19.csv"'
    )
    assert "no-store" in answer.headers["cache-control"]
    assert all(not row["display_name"].startswith(("=", "+", "-", "@")) for row in rows)


def test_the_review_queue_comes_as_a_file_with_its_filters(signed_in: SignedIn) -> None:
    answer = signed_in("analyst").get("/questions.csv?flag=key_suspect&q=case")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"), newline="")))
    assert 'filename="questions_key_suspect_case_as-of-' in answer.headers["content-disposition"]
    assert rows
    assert {row["key_suspect"] for row in rows} == {"true"}
    places = [(-int(row["review_priority"]), float(row["review_order"])) for row in rows]
    assert places == sorted(places)
    assert all(int(row["times_answered"]) >= 10 for row in rows)


def test_a_next_page_of_newer_numbers_says_that_ranks_may_have_moved(signed_in: SignedIn) -> None:
    page = signed_in("global").get("/rankings").text
    link = re.search(r'rel="next" href="([^"]+)"', page)
    assert link
    told = "New numbers were published"
    following = link[1].replace("&amp;", "&")
    assert told not in signed_in("global").get(following).text
    publication, *key = json.loads(
        base64.urlsafe_b64decode(following.partition("after=")[2].partition("&")[0] + "==")
    )
    older = base64.urlsafe_b64encode(json.dumps([publication - 1, *key]).encode()).decode()
    assert told in signed_in("global").get("/rankings", params={"after": older.rstrip("=")}).text


def test_the_pages_connection_cannot_write(signed_in: SignedIn, campus_url: str) -> None:
    database = Database(campus_url)
    with database.snapshot() as read, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        read.rows(
            "audit",
            login="x",
            role="x",
            university=None,
            export="x",
            filters="{}",
            publication=1,
            most=9,
        )
    database.close()


def test_basic_sign_in_is_offered_only_where_a_login_has_a_password(
    campus_url: str, signed_in: SignedIn
) -> None:
    with clients_of(create_app(Settings(), campus_url)) as local:
        refused = local(None).get("/")
        assert (refused.status_code, refused.headers["www-authenticate"][:5]) == (401, "Basic")
        assert local(None).get("/", auth=("admin", "mavprep")).status_code == 200
    assert "www-authenticate" not in signed_in(None).get("/").headers


def test_the_public_pages_of_other_parts_stand_beside_the_pages_without_a_login(
    campus_url: str,
) -> None:
    public = Route("/unsubscribe/{token}", lambda _request: PlainTextResponse("Stop it?"))
    with clients_of(create_app(Settings(), campus_url, mounts=[public])) as local:
        assert local(None).get("/unsubscribe/abc").text == "Stop it?"
        assert local(None).get("/rankings").status_code == 401


def test_a_grant_of_a_university_that_nobody_has_is_told_at_once(campus_url: str) -> None:
    users = {"lost": {"role": "university_admin", "university": "Nowhere"}}
    app = app_of_tests(campus_url, dashboard_users=SecretStr(json.dumps(users)))
    last = Cursor(1, (9_999, "u9")).encode()
    with clients_of(app) as signed_in:
        for path in ("/", "/rankings", f"/rankings?before={last}", "/rankings.csv", "/students"):
            answer = signed_in("lost").get(path)
            assert answer.status_code == 403
            assert "The grant of this login is for Nowhere" in answer.text


def downloaded(answer: httpx.Response) -> list[dict[str, str]]:
    text = answer.text.removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_csv_of_the_heat_map_holds_the_released_groups_that_the_page_shows(
    signed_in: SignedIn,
) -> None:
    rows = downloaded(signed_in("global").get("/mastery.csv"))
    assert rows
    assert "students" not in rows[0], "a page shows them as a range only"
    assert all(re.fullmatch(r"[01]\.\d\d", row["mean"]) for row in rows)
    page = signed_in("global").get("/mastery").text
    named = {row["university"] or "No university" for row in rows if row["part"] == "university"}
    assert named == set(re.findall(r'<th scope="row"><bdi>([^<]+)</bdi>', page))
    own = downloaded(signed_in("school").get("/mastery.csv"))
    assert {row["university"] for row in own} <= {"", UNIVERSITY}


def test_the_csv_of_reports_follows_its_filters(signed_in: SignedIn) -> None:
    every = downloaded(signed_in("global").get("/reports.csv?week=2026-11-09"))
    sent = downloaded(signed_in("global").get("/reports.csv?week=2026-11-09&status=sent"))
    assert {row["status"] for row in sent} == {"sent"}
    assert sent == [row for row in every if row["status"] == "sent"]
    assert len(every) > len(sent)
