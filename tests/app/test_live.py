"""The page's server as a program: real sockets, real workers, and nothing left behind."""

from __future__ import annotations

import http.client
import io
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import glasshouse
from glasshouse.app.messages import Kind, Message, read

ORDER: dict[str, Any] = {
    "scenario": "pellucid",
    "people": 256,
    "years": 1,
    "seed": 5,
    "controls": {"aware": 0.5, "expiry": True},
}
COMPILING = 600.0
"""Seconds in which a first run answers where nothing is compiled and others compile, too."""

LONG = ORDER | {"people": 20_000, "years": 10}


class Server(NamedTuple):
    """A running `glasshouse serve`."""

    process: subprocess.Popen[str]
    port: int
    temporary: Path
    """Where it keeps what it must not leave behind."""


def begun(temporary: Path) -> Server:
    """Begin a server on a free port, as a user does."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "glasshouse", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
        start_new_session=True,
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:"), address
    return Server(process, int(address.rstrip("/").rpartition(":")[2]), temporary)


def children(pid: int) -> list[int]:
    """The processes that a process has begun and that still are."""
    there = [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]
    return [one for one in there if lives(one, pid)]


def lives(pid: int, parent: int | None = None) -> bool:
    """Whether a process is there and has not ended, and is the child of some parent."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return False
    return fields[0] != "Z" and parent in {None, int(fields[1])}


def wait_for(what: Any, seconds: float = 30) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests of this module, ended as Ctrl-C ends it while a run is going on."""
    made = begun(tmp_path_factory.mktemp("serve"))
    yield made
    with closing(http.client.HTTPConnection("127.0.0.1", made.port, timeout=60)) as line:
        begin_long(made, line).read(5)
        end(made, signal.SIGINT)


def asked(server: Server, method: str, path: str, body: Any = None) -> Any:
    """One request and the JSON that it is answered with."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=COMPILING)
    try:
        line.request(method, path, None if body is None else json.dumps(body))
        return json.loads(line.getresponse().read())
    finally:
        line.close()


def streamed(server: Server, order: dict[str, Any]) -> tuple[dict[str, Any], list[Message]]:
    """Order a run, and give its receipt and every message of its scene."""
    receipt = asked(server, "POST", "/api/runs", order)
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=COMPILING)
    line.request("GET", f"/api/runs/{receipt['id']}/stream")
    messages = list(read(line.getresponse().read()))
    line.close()
    return receipt, messages


def said(messages: list[Message], kind: Kind) -> list[Any]:
    """What the messages of one kind say."""
    return [one.said for one in messages if one.kind is kind]


def begin_long(server: Server, line: http.client.HTTPConnection) -> http.client.HTTPResponse:
    """Begin a run that takes long, and give its stream."""
    receipt = asked(server, "POST", "/api/runs", LONG)
    line.request("GET", f"/api/runs/{receipt['id']}/stream")
    return line.getresponse()


def end(server: Server, number: signal.Signals) -> None:
    """End a server as a terminal does, and see that no process and no directory is left."""
    workers = children(server.process.pid)
    assert workers
    assert list(server.temporary.iterdir())
    os.killpg(server.process.pid, number)
    _, told = server.process.communicate(timeout=30)
    assert server.process.returncode == 0, told
    assert "Traceback" not in told
    assert list(server.temporary.iterdir()) == []
    wait_for(lambda: not any(map(lives, workers)))


@pytest.fixture(scope="module")
def ran(server: Server) -> tuple[dict[str, Any], list[Message]]:
    """One run of the page, to its end."""
    return streamed(server, ORDER)


def test_a_run_streams_society_months_and_finish(ran: tuple[Any, list[Message]]) -> None:
    """The people come first, then every month, then the numbers and the sentences."""
    kinds = [one.kind for one in ran[1] if one.kind is not Kind.STATE]
    assert kinds[:2] == [Kind.HEADER, Kind.PEOPLE]
    assert [step for step, _ in said(ran[1], Kind.STEP)] == list(range(12))
    assert len(said(ran[1], Kind.COUNTS)) == 12
    assert kinds[-1] is Kind.FINISH
    assert kinds.index(Kind.STEP) < kinds.index(Kind.COUNTS)


def test_the_printed_command_reproduces_the_digest(
    ran: tuple[dict[str, Any], list[Message]], tmp_path: Path
) -> None:
    """The command of the page, typed, gives the run of the page: the same digest, bit for bit."""
    receipt, messages = ran
    (finish,) = said(messages, Kind.FINISH)
    words = shlex.split(receipt["command"])
    assert words[0] == "glasshouse"
    done = subprocess.run(
        [sys.executable, "-m", *words, "--json"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["digest"] == finish["digest"]
    assert finish["reproduce"]["command"] == receipt["command"]


def test_the_printed_python_reproduces_the_digest(
    ran: tuple[dict[str, Any], list[Message]],
) -> None:
    """So does the Python."""
    receipt, messages = ran
    (finish,) = said(messages, Kind.FINISH)
    call = receipt["python"].splitlines()[2].removeprefix("run = ")
    options = {"gh": glasshouse}
    found = eval(call, options)  # noqa: S307 - the very text that the page gives out
    assert found.digest == finish["digest"]


def test_two_rulebooks_are_compared_in_one_run(server: Server) -> None:
    """The rulebooks that were chosen are in force in the two arms, and the command says so."""
    order = {"scenario": "two-rulebooks", "people": 128, "years": 1, "seed": 2,
             "rulebooks": ["suining-2010", "pellucid-register"]}  # fmt: skip
    receipt, messages = streamed(server, order)
    (finish,) = said(messages, Kind.FINISH)
    assert set(finish["reproduce"]["rulebooks"]) == {"suining-2010", "pellucid-register"}
    assert "--set arms.first.rulebook=suining-2010" in receipt["command"]


def test_report_and_data_of_a_finished_run_can_be_downloaded(
    server: Server, ran: tuple[dict[str, Any], list[Message]]
) -> None:
    """The data are the run directory, whole, and a run can be opened from it."""
    (finish,) = said(ran[1], Kind.FINISH)
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=COMPILING)
    line.request("GET", f"/api/runs/{ran[0]['id']}/data")
    answer = line.getresponse()
    content = answer.read()
    assert answer.headers["content-disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert json.loads(packed.read("pellucid/run.json"))["digest"] == finish["digest"]
    line.request("GET", f"/api/runs/{ran[0]['id']}/report")
    answer = line.getresponse()
    assert answer.status == 200
    assert answer.read().startswith(b"<!doctype html>")
    line.close()


def test_a_run_is_cancelled_and_the_next_one_runs(server: Server) -> None:
    """Stopping ends the stream at once, and its directory is gone."""
    receipt = asked(server, "POST", "/api/runs", LONG)
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=COMPILING)
    line.request("GET", f"/api/runs/{receipt['id']}/stream")
    stream = line.getresponse()
    assert stream.read(5)
    assert asked(server, "DELETE", f"/api/runs/{receipt['id']}") == {"state": "stopped"}
    messages = stream.read()
    line.close()
    assert b'"digest"' not in messages
    wait_for(lambda: not list(server.temporary.glob(f"*/{receipt['id']}")))
    assert said(streamed(server, ORDER | {"people": 64})[1], Kind.FINISH)


def test_a_listener_who_goes_away_stops_the_run(server: Server) -> None:
    """A closed tab computes nothing further: its run and its directory are gone."""
    receipt = asked(server, "POST", "/api/runs", LONG)
    line = socket.create_connection(("127.0.0.1", server.port))
    head = f"GET /api/runs/{receipt['id']}/stream HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n"
    line.sendall(head.encode())
    assert line.recv(100).startswith(b"HTTP/1.1 200")
    line.close()
    path = f"/api/runs/{receipt['id']}"
    wait_for(lambda: "problems" in asked(server, "GET", f"{path}/data"))
    wait_for(lambda: not list(server.temporary.glob(f"*/{receipt['id']}")))


def test_eight_tabs_at_once_each_get_their_own_run(server: Server) -> None:
    """Eight runs asked for at one time all finish, each with its own seed, and wait in turn."""
    found: dict[int, list[Message]] = {}

    def tab(seed: int) -> None:
        found[seed] = streamed(server, ORDER | {"people": 64, "seed": seed})[1]

    tabs = [threading.Thread(target=tab, args=(seed,)) for seed in range(8)]
    for one in tabs:
        one.start()
    for one in tabs:
        one.join(120)
    assert sorted(found) == list(range(8))
    for seed, messages in found.items():
        assert said(messages, Kind.HEADER)[0]["seed"] == seed
        assert said(messages, Kind.FINISH)[0]["reproduce"]["seed"] == seed
    digests = {said(messages, Kind.FINISH)[0]["digest"] for messages in found.values()}
    assert len(digests) == 8
    ahead = [one["ahead"] for m in found.values() for one in said(m, Kind.STATE) if "ahead" in one]
    assert max(ahead) >= 2


def raw(server: Server, head: str, body: bytes = b"") -> bytes:
    """What is answered to bytes that no client would send."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
        line.shutdown(socket.SHUT_WR)
        found = b""
        while piece := line.recv(65_536):
            found += piece
    return found


@pytest.mark.parametrize(
    "path",
    ["/static/../../../../etc/passwd", "/static/%2e%2e%2f%2e%2e%2fserver.py", "/../run.json",
     "//etc/passwd", "/api/runs/../../../etc/passwd/report"],
)  # fmt: skip
def test_a_path_with_dots_is_refused_on_the_line(server: Server, path: str) -> None:
    """What clients tidy up before they send it is refused when it comes as it is."""
    answer = raw(server, f"GET {path} HTTP/1.1\nHost: 127.0.0.1:{server.port}\nConnection: close")
    assert answer.startswith(b"HTTP/1.1 404")
    assert b"problems" in answer
    assert b"root:" not in answer


def test_ten_megabytes_are_refused_and_said(server: Server) -> None:
    """The sender hears the refusal, and the server goes on."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    line.request("POST", "/api/runs", b"x" * 10_000_000)
    answer = line.getresponse()
    assert answer.status == 413
    assert "nothing can be uploaded" in answer.read().decode()
    line.close()
    assert "scenarios" in asked(server, "GET", "/api/catalogue")


@pytest.mark.parametrize(
    "head",
    ["GET / HTTP/1.1", "GET / HTTP/1.1\nHost: evil.example", "GET / HTTP/1.1\nHost: a\nHost: b",
     "NONSENSE", "POST /api/runs HTTP/1.1\nHost: 127.0.0.1\nContent-Length: -5"],
)  # fmt: skip
def test_what_is_no_request_of_the_page_is_refused(server: Server, head: str) -> None:
    """Without this machine's name, or without sense, nothing is answered but a refusal."""
    status = raw(server, f"{head}\nConnection: close").split(b" ")[1]
    assert status in {b"400", b"421"}


def test_nobody_else_s_machine_reaches_the_port(server: Server) -> None:
    """The port is open on loopback and on no other address of this machine."""
    listening = [
        line.split()[1]
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
        if line.split()[1].endswith(f":{server.port:04X}") and line.split()[3] == "0A"
    ]
    assert listening == [f"0100007F:{server.port:04X}"]


def test_a_port_in_use_gives_one_message(server: Server) -> None:
    """The message says which port, and what to type instead."""
    done = subprocess.run(
        [sys.executable, "-m", "glasshouse", "serve", "--port", str(server.port)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert f"glasshouse serve --port {server.port + 1}" in done.stderr


def test_being_stopped_while_it_gets_warm_leaves_nothing_behind(tmp_path: Path) -> None:
    """Stopped by SIGTERM before a worker is ready, it ends in order as well."""
    made = begun(tmp_path)
    with closing(http.client.HTTPConnection("127.0.0.1", made.port, timeout=60)) as line:
        begin_long(made, line)
        end(made, signal.SIGTERM)
