"""The dashboards over one million ranked students: first view, page at depth, search, and the whole CSV.

Beside the app's keyset page stands what most tables do instead: OFFSET and count(*) on the same rows.
Run: `make bench-dashboard`, or with a number of students: `python benchmarks/bench_dashboard.py 200000`.
"""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import psycopg
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))
from published_campus import Campus, fill

from mavprep_analytics.embedded.postgres import EmbeddedPostgres

LOGIN = ("admin", "mavprep")
REPEATS = 7
OFFSET_PAGE = (
    "select r.rank, r.user_id, s.display_name from analytics_rankings r"
    " left join analytics_students s using (user_id)"
    " where metric = 'reputation' and scope = 'global' and scope_key = ''"
    " order by rank, user_id limit 50 offset %s"
)
COUNT = "select count(*) from analytics_rankings where metric = 'reputation' and scope = 'global'"


def milliseconds(act: Callable[[], object], repeats: int = REPEATS) -> float:
    """Return the median time of an act."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        act()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


@contextmanager
def served(database_url: str, home: str) -> Iterator[tuple[str, psutil.Process]]:
    """Run `mavprep dashboard` on a free port and yield its address and process."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    program = Path(sys.executable).with_name("mavprep")
    environment = os.environ | {"MAVPREP_POSTGRES_URL": database_url, "MAVPREP_HOME": home}
    process = subprocess.Popen([program, "dashboard", "--port", str(port)], env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        while process.poll() is None:
            try:
                httpx.get(f"{address}/healthz", timeout=30)
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield address, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


TIMES = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  return [page.responseStart, page.responseEnd, page.domInteractive, paint.startTime, page.loadEventEnd];
}"""


def first_view(address: str, path: str) -> str:
    """Return what a cold browser waits for, in milliseconds from the click: server, document, paint, all loaded."""
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        times = []
        for _ in range(REPEATS + 1):
            credentials = {"username": LOGIN[0], "password": LOGIN[1]}
            context = browser.new_context(base_url=address, http_credentials=credentials)
            page = context.new_page()
            page.goto(path, wait_until="load")
            page.locator("tbody tr").first.wait_for()
            page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
            times.append(page.evaluate(TIMES))
            context.close()
        browser.close()
    begun, ended, parsed, painted, loaded = (
        statistics.median(column) for column in zip(*times[1:], strict=True)
    )
    return (
        f"{painted:8.1f} ms painted (first byte {begun:.0f}, document {ended:.0f}, parsed {parsed:.0f},"
        f" all loaded {loaded:.0f})"
    )


def download(client: httpx.Client, process: psutil.Process) -> tuple[int, float, float]:
    """Stream the whole ranking; return its lines, seconds, and the server's greatest memory in MB."""
    lines, peak, began = 0, 0, time.perf_counter()
    with client.stream("GET", "/rankings.csv") as answer:
        for chunk in answer.iter_bytes():
            lines += chunk.count(b"\n")
            peak = max(peak, process.memory_info().rss)
    return lines, time.perf_counter() - began, peak / 1e6


def measure(database_url: str, home: str, students: int) -> list[tuple[str, str]]:
    """Return what was measured, ready to print."""
    depth = students * 9 // 10
    with served(database_url, home) as (address, process):
        client = httpx.Client(base_url=address, auth=LOGIN, timeout=300)
        figures = [
            (f"{path} at {label}", f"{milliseconds(lambda p=path: client.get(p)):8.1f} ms")
            for label, path in {
                "first page": "/rankings",
                f"rank {depth:,}": f"/rankings?from_rank={depth}",
                "search by name": "/rankings?q=tomas+mor",
                "one university": "/rankings?university=Ashby+College+30",
                "overview": "/",
                "heat map": "/mastery",
            }.items()
        ]
        figures.append(("memory at rest", f"{process.memory_info().rss / 1e6:8.1f} MB"))
        lines, seconds, peak = download(client, process)
        figures.append((f"CSV, {lines:,} lines", f"{seconds:8.1f} s, {peak:.0f} MB at most"))
        if shutil.which("chromium"):
            figures += [
                (f"first view of {path}", first_view(address, path))
                for path in ("/", "/rankings", "/questions")
            ]
    with psycopg.connect(database_url) as connection:
        offset = milliseconds(lambda: connection.execute(OFFSET_PAGE, (depth,)).fetchall(), 3)
        count = milliseconds(lambda: connection.execute(COUNT).fetchone(), 3)
    figures.append((f"instead: OFFSET {depth:,}", f"{offset:8.1f} ms in the database alone"))
    figures.append(("instead: count(*) per page", f"{count:8.1f} ms in the database alone"))
    return figures


def main() -> None:
    """Fill a database of its own and print the figures."""
    students = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(prefix="mavprep-bench-") as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder), durable=False) as server:
            began = time.perf_counter()
            fill(server.url, Campus(students=students, universities=400))
            print(f"{students:,} students, filled in {time.perf_counter() - began:.0f} s")
            for name, figure in measure(server.url, folder, students):
                print(f"{name:48} {figure}")


if __name__ == "__main__":
    main()
