"""What the demo prints at its end: rows per table, the top of a leaderboard, and where to look next."""

from datetime import date

from mavprep_analytics.campus.campus_folder import CampusWritten
from mavprep_analytics.embedded import postgres_url
from mavprep_analytics.packaged_files import read_packaged
from mavprep_analytics.periods import week_start
from mavprep_analytics.postgres import session
from mavprep_analytics.publication import newest
from mavprep_analytics.settings import Settings


def summary(settings: Settings, campus: CampusWritten, uploaded: int, as_of: date) -> str:
    """Return the closing lines of the demo."""
    url = postgres_url(settings)
    published = newest(url)
    tables = published.tables if published else {}
    lines = ["", f"Published as of {as_of}:"]
    lines += [f"  {name:<24} {table['rows']:>9,} rows" for name, table in sorted(tables.items())]
    lines += ["", *_board(url)]
    folder = settings.reports / str(week_start(as_of))
    there = "was there already" if campus.was_there else "simulated"
    lines += [
        "",
        f"Campus {there}: {campus.folder}; {uploaded} export objects put into S3",
        f"Reports: {len(list(folder.glob('*.eml'))):,} mails in {folder}, to leaf through: {folder / 'index.html'}",
    ]
    return "\n".join(lines)


def _board(url: str) -> list[str]:
    with session(url) as connection:
        rows = connection.execute(read_packaged("sql/demo/top_of_leaderboard.sql")).fetchall()
    head = f"  {'rank':>4}  {'student':<24} {'score':>7} {'minutes':>8}"
    body = [
        f"  {rank:>4}  {name or '(not shown)':<24} {score:>7} {seconds / 60:>8.1f}"
        for _, rank, name, score, seconds in rows
    ]
    return [f"Leaderboard of {rows[0][0]}:", head, *body] if rows else ["No leaderboard yet."]
