"""How the servers are called and how clients are led to them."""

from pathlib import Path

from mavprep_analytics.embedded import postgres_url
from mavprep_analytics.embedded.aws import environment, parse_state, write_state
from mavprep_analytics.embedded.postgres import server_command
from mavprep_analytics.settings import load_settings


def _options(*, durable: bool) -> set[str]:
    command = server_command(Path("/b in"), Path("/d é"), 5433, durable=durable)
    assert [str(part) for part in command[:3]] == ["/b in/postgres", "-D", "/d é"]
    assert command[3::2] == ["-c"] * len(command[4::2])
    return {str(option) for option in command[4::2]}


def test_the_server_listens_on_loopback_only_and_on_no_socket_file() -> None:
    wanted = {"listen_addresses=127.0.0.1", "unix_socket_directories=", "port=5433", "timezone=UTC"}
    assert wanted <= _options(durable=True)


def test_only_a_server_without_durability_skips_the_disk() -> None:
    fragile = {"fsync=off", "synchronous_commit=off", "full_page_writes=off"}
    assert _options(durable=False) - _options(durable=True) == fragile


def test_a_configured_url_is_taken_and_nothing_is_started(tmp_path: Path) -> None:
    given = {
        "MAVPREP_POSTGRES_URL": "postgresql://u:p@db/x",
        "MAVPREP_HOME": str(tmp_path / "home"),
    }
    assert postgres_url(load_settings(given)) == "postgresql://u:p@db/x"
    assert not (tmp_path / "home").exists()


def test_the_environment_leads_every_service_to_the_endpoint() -> None:
    variables = environment("http://127.0.0.1:1")
    led = {name for name, value in variables.items() if value == "http://127.0.0.1:1"}
    services = {"S3", "DYNAMODB", "SESV2"}
    assert led == {"AWS_ENDPOINT_URL"} | {f"AWS_ENDPOINT_URL_{service}" for service in services}
    assert variables["AWS_REGION"] == variables["AWS_DEFAULT_REGION"] == "us-east-1"


def test_the_state_of_an_aws_server_survives_the_disk(tmp_path: Path) -> None:
    write_state(tmp_path / "server.json", 4711)
    state = parse_state((tmp_path / "server.json").read_text())
    assert state is not None
    assert state["port"] == 4711


def test_a_damaged_state_is_no_state() -> None:
    assert [parse_state(text) for text in ("", "{", "[]", "null", '{"pid": 1}')] == [None] * 5
