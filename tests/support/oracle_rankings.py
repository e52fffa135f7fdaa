"""Rankings and their moves, slowly: every student against every other, from plain rows."""

from collections import defaultdict
from decimal import Decimal

from oracle_attempts import Row, Tables, known_users, resolve_subject
from oracle_boards import places

Board = tuple[str, str, str]
Boards = dict[Board, dict[str, Decimal]]

POINTS_PER_ACCEPTED_ANSWER, POINTS_PER_LIKE = 15, 5


def rankings(tables: Tables, previous: list[Row]) -> list[Row]:
    old: Boards = defaultdict(dict)
    for row in previous:
        old[row["metric"], row["scope"], row["scope_key"]][row["user_id"]] = row["value"]
    old_ranks = {
        (r["metric"], r["scope"], r["scope_key"], r["user_id"]): r["rank"] for r in previous
    }
    return [
        {
            **dict(zip(("metric", "scope", "scope_key"), board, strict=True)),
            "user_id": user,
            **place,
            "population": len(values),
            "value": values[user],
            "previous_rank": old_ranks.get((*board, user)),
            **_move(user, values, old[board]),
        }
        for board, values in _boards(tables).items()
        for user, place in places(values).items()
    ]


def _boards(tables: Tables) -> Boards:
    boards: Boards = defaultdict(dict)
    universities = {row["user_id"]: row["university"] for row in tables["core_profiles"]}
    owners = {
        row["user_id"]: Decimal(row["reputation"])
        for row in tables["core_reputations"]
        if row["user_id"] in universities
    }
    for user, value in owners.items():
        boards["reputation", "global", ""][user] = value
        if (universities[user] or "").strip(" "):
            boards["reputation", "university", universities[user]][user] = value
    for (user, subject), points in subject_points(tables).items():
        if user in owners and points > 0:
            boards["reputation", "subject", subject][user] = Decimal(points)
    for row in tables["subject_mastery"]:
        if row["level"] != "not_enough_data" and row["user_id"] in known_users(tables):
            board = ("performance", "subject", row["subject_id"])
            boards[board][row["user_id"]] = row["mastery_low"]
    return boards


def subject_points(tables: Tables) -> dict[tuple[str, str], int]:
    posts = living_posts(tables)
    points: dict[tuple[str, str], int] = defaultdict(int)
    for post in posts.values():
        if post["subject_id"] and not post["is_reported"]:
            points[post["user_id"], post["subject_id"]] += POINTS_PER_LIKE * post["likes"]
    for comment in tables["core_comments"]:
        parent = posts.get(comment["post_id"])
        if parent and parent["subject_id"] and not comment["is_reported"]:
            earned = POINTS_PER_LIKE * comment["likes"]
            earned += POINTS_PER_ACCEPTED_ANSWER if comment["is_answer"] else 0
            points[comment["user_id"], parent["subject_id"]] += earned
    return points


def living_posts(tables: Tables) -> dict[str, Row]:
    """Return each post once, with what its copies say together."""
    copies: dict[str, list[Row]] = defaultdict(list)
    for row in tables["core_posts"]:
        subject = _subject_of_copy(tables, row)
        copies[row["post_id"]].append({**row, "subject_id": subject})
    merged = {}
    for post_id, rows in copies.items():
        rows.sort(key=lambda r: (r["subject_id"] is None, r["parent_kind"], r["parent_id"]))
        merged[post_id] = {
            **rows[0],
            "likes": max(row["likes"] for row in rows),
            "is_reported": any(row["is_reported"] for row in rows),
        }
    return merged


def _subject_of_copy(tables: Tables, row: Row) -> str | None:
    written = row["subject_ref"]
    reference = row["parent_id"] if written is None else written
    own = resolve_subject(tables, reference, row["subject_name"])
    if own is None and row["parent_kind"] == "COMMUNITY":
        return resolve_subject(tables, row["parent_id"], None)
    if own is None:
        for topic in tables["catalogue_topics"]:
            if topic["topic_id"] == row["parent_id"].lower():
                found: str = topic["subject_id"]
                return found
    return own


def _move(user: str, now: dict[str, Decimal], old: dict[str, Decimal]) -> Row:
    names = ("moved_by_self", "moved_by_others", "moved_by_joiners", "moved_by_leavers")
    if user not in old:
        return dict.fromkeys(names)
    others = [other for other in now if other in old and other != user]
    joiners = [other for other in now if other not in old]
    leavers = [other for other in old if other not in now]
    before = sum(old[other] > old[user] for other in others)
    if_only_i_moved = sum(old[other] > now[user] for other in others)
    after = sum(now[other] > now[user] for other in others)
    parts = (
        before - if_only_i_moved,
        if_only_i_moved - after,
        -sum(now[other] > now[user] for other in joiners),
        sum(old[other] > old[user] for other in leavers),
    )
    return dict(zip(names, parts, strict=True))
