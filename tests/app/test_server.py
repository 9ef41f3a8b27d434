"""The server's answers: pages, a table of files, strict requests, and clear refusals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from glasshouse.app.desk import MOST_OPEN, Desk
from glasshouse.app.guard import HEADERS, MOST_BODY_BYTES
from glasshouse.app.pages import static_files
from glasshouse.app.server import application

NAMES = ("127.0.0.1:8765", "localhost:8765")
HOME = f"http://{NAMES[0]}"
ORDER = {"scenario": "pellucid", "people": 256, "years": 1, "seed": 1}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk without a worker: nothing runs."""
    return Desk(tmp_path_factory.mktemp("desk"), workers=0)


@pytest.fixture(scope="module")
def client(desk: Desk) -> Iterator[TestClient]:
    """A client of the page's own address."""
    with TestClient(application(desk, NAMES), base_url=HOME) as made:
        yield made


def problems(answer: Any) -> str:
    """What an answer refuses, as one text."""
    return "; ".join(
        f"{one['where']}: {one['what']} ({one['right']})" for one in answer.json()["problems"]
    )


def test_pages_and_their_files_are_served(client: TestClient) -> None:
    """The page, its modules and its style are there, each as what it is."""
    assert client.get("/").headers["content-type"].startswith("text/html")
    script = client.get("/static/live.js")
    assert script.status_code == 200
    assert script.headers["content-type"].startswith("text/javascript")
    assert client.get("/static/style.css").headers["content-type"].startswith("text/css")


def test_every_answer_has_the_page_s_rules(client: TestClient) -> None:
    """Refusals and files carry the same strict policy as the page."""
    for path in ("/", "/static/live.js", "/api/catalogue", "/nowhere", "/static/none.js"):
        headers = client.get(path).headers
        for name, value in HEADERS:
            assert headers[name.decode()] == value.decode(), path
    policy = client.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py",
        "/static/..%2fserver.py",
        "/static/%2e%2e/%2e%2e/pyproject.toml",
        "/static//etc/passwd",
        "/static/....//live.js",
        "/static/live.js%00.css",
        "/static/C:\\windows",
        "/../../etc/passwd",
        "/api/studies/..%2f..%2fscenarios",
        "/api/runs/..%2f..%2fetc/passwd",
        "/api/runs/x/../../data",
    ],
)
def test_a_path_from_outside_reaches_no_file(client: TestClient, path: str) -> None:
    """Only names in a table made at the start are served; everything else is not there."""
    answer = client.get(path)
    assert answer.status_code == 404
    assert problems(answer)
    assert "root:" not in answer.text


def test_the_table_of_files_holds_nothing_of_the_program() -> None:
    """No Python, no hidden file and no way up stands in the table."""
    for name in static_files():
        assert not name.endswith(".py")
        assert ".." not in name
        assert not name.startswith((".", "/"))


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:80", "127.0.0.1", "[::1]:8765", ""])
def test_another_name_for_the_page_is_refused(client: TestClient, host: str) -> None:
    """A name that somebody else's server resolved to this machine opens nothing."""
    answer = client.get("/api/catalogue", headers={"host": host})
    assert answer.status_code == 421
    assert "this page is not" in problems(answer)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    ],
)
def test_another_page_may_ask_nothing(client: TestClient, headers: dict[str, str]) -> None:
    """What another site makes a browser send is refused before it is read."""
    answer = client.post("/api/runs", json=ORDER, headers=headers)
    assert answer.status_code == 403
    assert "may ask nothing here" in problems(answer)


def test_a_link_on_another_page_opens_the_page(client: TestClient) -> None:
    """Following a link is no request of another page; asking the interface by one is."""
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert client.get("/", headers=headers).status_code == 200
    assert client.get("/api/catalogue", headers=headers).status_code == 403


@pytest.mark.parametrize("size", [MOST_BODY_BYTES + 1, 10_000_000])
def test_a_body_that_is_too_large_is_refused(client: TestClient, size: int) -> None:
    """Nothing can be uploaded: names and numbers fit into sixteen kilobytes."""
    answer = client.post("/api/runs", content=b"x" * size)
    assert answer.status_code == 413
    assert "nothing can be uploaded" in problems(answer)


def test_a_body_without_a_length_is_counted(client: TestClient) -> None:
    """A body in pieces is refused when it has become too large."""
    answer = client.post("/api/runs", content=(b"x" * 1000 for _ in range(40)))
    assert answer.status_code == 413


def test_an_order_gives_a_receipt_and_runs_nothing_yet(client: TestClient, desk: Desk) -> None:
    """The receipt has the link, the command and the Python; a run begins with its listener."""
    answer = client.post("/api/runs", json=ORDER)
    assert answer.status_code == 201
    said = answer.json()
    assert said["command"] == "glasshouse run pellucid --people 256 --years 1 --seed 1"
    assert "gh.run(" in said["python"]
    assert desk.jobs[said["id"]].state == "ordered"
    assert client.delete(f"/api/runs/{said['id']}").json() == {"state": "stopped"}
    assert client.get(f"/api/runs/{said['id']}/stream").status_code == 404


def test_a_file_of_a_run_that_is_not_finished_is_refused(client: TestClient) -> None:
    """There is nothing to download yet, and it is said."""
    run = client.post("/api/runs", json=ORDER).json()["id"]
    answer = client.get(f"/api/runs/{run}/report")
    assert (answer.status_code, problems(answer)) == (409, ": the run is not finished ()")
    answer = client.get(f"/api/runs/{run}/reprot")
    assert "did you mean `report`" in problems(answer)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/studies/wrongly-lsted", 404),
        ("POST", "/api/studies/none/runs", 404),
        ("GET", "/api/runs/none/stream", 404),
        ("GET", "/api/runs/none/data", 404),
        ("PUT", "/api/runs", 405),
        ("POST", "/", 405),
        ("GET", "/favicon.ico", 404),
        ("POST", "/api/link", 400),
    ],
)
def test_every_refusal_is_a_list_of_problems(
    client: TestClient, method: str, path: str, status: int
) -> None:
    """A page never has to guess why: every refusal says what was wrong."""
    answer = client.request(method, path)
    assert answer.status_code == status
    assert problems(answer)


def test_a_scenario_beyond_the_cap_is_refused(client: TestClient) -> None:
    """The cap is said, and what runs more."""
    answer = client.post("/api/runs", json=ORDER | {"people": 50_000_000, "years": 99})
    assert answer.status_code == 400
    assert "50,000,000 people are not run by this page" in problems(answer)
    assert "the command line runs more" in problems(answer)


def test_a_study_has_its_question_its_scenario_and_its_command(client: TestClient) -> None:
    """The scenario of every study can be shown, wherever it lies; each names its command."""
    there = {one["scenario"] for one in client.get("/api/catalogue").json()["scenarios"]}
    for one in client.get("/api/catalogue").json()["studies"]:
        said = client.get(f"/api/studies/{one['study']}").json()
        assert said["question"]
        assert said["command"] == f"glasshouse study run {one['study']}"
        assert said["scenario"] in there
    assert client.get("/api/studies/wrongly-listed").json()["scenario"] == "compare"


def test_the_catalogue_says_its_caps_and_holds_every_room(client: TestClient) -> None:
    """Scenarios, rulebooks with hashes, controls with ranges and status, studies, chapters."""
    said = client.get("/api/catalogue").json()
    assert "20,000 people" in said["caps"]["words"]
    assert {"as-told", "two-rulebooks"} <= {one["scenario"] for one in said["scenarios"]}
    assert all(len(book["sha256"]) == 64 for book in said["rulebooks"])
    controls = [one for group in said["controls"] for one in group["controls"]]
    assert all(one["status"] and one["words"] for one in controls)
    for scenario in said["scenarios"]:
        assert set(scenario["values"]) == {one["id"] for one in controls}


def test_stopping_what_is_gone_is_no_error(client: TestClient) -> None:
    """A page that stops its run as it closes need not know how far it was."""
    assert client.delete("/api/runs/none").json() == {"state": "gone"}


def test_requests_that_nobody_listens_to_are_forgotten(client: TestClient, desk: Desk) -> None:
    """Whoever asks and goes away fills nothing but a short list, and shuts nobody out."""
    first = client.post("/api/runs", json=ORDER).json()["id"]
    answers = [client.post("/api/runs", json=ORDER).status_code for _ in range(MOST_OPEN)]
    assert set(answers) == {201}
    assert len(desk.jobs) == MOST_OPEN
    assert client.get(f"/api/runs/{first}/stream").status_code == 404
    for job in list(desk.jobs.values()):
        desk.stop(job)


def test_a_crowd_is_told_to_wait(client: TestClient, desk: Desk) -> None:
    """Where too many wait already, the next one is refused in words."""
    for job in (desk.order("run", "pellucid", {}, None) for _ in range(MOST_OPEN)):
        job.state = "waiting"
    answer = client.post("/api/runs", json=ORDER)
    assert (answer.status_code, "too many runs wait" in problems(answer)) == (503, True)
    desk.jobs.clear()
