"""Line 2 of three: it watches nothing. No network client, no camera, no image, no scraper."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

CLIENTS = (
    "socket ssl http urllib urllib2 urllib3 requests httpx aiohttp ftplib smtplib poplib imaplib "
    "telnetlib nntplib xmlrpc socketserver websocket websockets paramiko fabric pycurl httplib2 "
    "grpc zmq pika kafka redis boto3 fsspec s3fs scrapy selenium playwright pyppeteer mechanize "
    "bs4 lxml feedparser tweepy scapy nmap bluetooth serial usb"
).split()
EYES_AND_EARS = (
    "cv2 PIL imageio skimage mahotas face_recognition dlib insightface mediapipe deepface "
    "torchvision torch tensorflow keras onnxruntime ultralytics pytesseract easyocr pyaudio "
    "sounddevice speech_recognition librosa picamera pyautogui mss"
).split()
BANNED = frozenset(CLIENTS + EYES_AND_EARS)

# The page of a later floor serves on loopback; nothing else may open a port.
SERVERS = frozenset("asyncio starlette uvicorn asyncssh tornado flask fastapi".split())

OPENS_A_PORT = "app/loopback.py"
"""The one module that may open a port, on the one address that only this machine reaches."""

LEADS_WORKERS = "engine/cluster/"
"""Where alone workers are begun and reached, on loopback or at the address that a user names."""

LOOPBACK = "127.0.0.1"

# Loops over named tuples are written out there from field names, since compiled text has none.
WRITES_ITS_OWN_TEXT = frozenset({"engine/peeling.py"})

# An address to fetch from, or a statement that makes DuckDB fetch or load an extension. A sentence
# that tells a user to install something is neither.
REACH = re.compile(
    r"^(?:https?|ftp|s3|gs|az|hf|wss?)://|\bhttpfs\b|(?-i:\bINSTALL\s)"
    r"|(?:^|;)\s*(?:force\s+)?(?:install|load)\s+['\w]+\s*(?:;|$|from\b)",
    re.IGNORECASE,
)

# A picture names its language, SVG and its links, by an address that nobody fetches.
DIALECT = re.compile(r"http://www\.w3\.org/(?:2000/svg|1999/xlink)\b")

DUCKDB_NAMES = frozenset({"connect", "DuckDBPyConnection", "DuckDBPyRelation"})


def imported(tree: ast.Module) -> Iterator[str]:
    """Give every module that a file imports, at its top or inside a function, by name or call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
        elif isinstance(node, ast.Call) and node.args:
            function = node.func
            called = function.attr if isinstance(function, ast.Attribute) else ""
            called = function.id if isinstance(function, ast.Name) else called
            first = node.args[0]
            if called in {"import_module", "__import__"} and isinstance(first, ast.Constant):
                yield str(first.value)


def test_no_module_imports_a_client_or_an_eye(trees: dict[str, ast.Module]) -> None:
    """Nothing in the package can call out, look or listen."""
    for path, tree in trees.items():
        for name in imported(tree):
            top = name.partition(".")[0]
            is_ours = top == "socket" and path == OPENS_A_PORT
            assert top not in BANNED or is_ours, f"{path} imports {name}"
            assert top not in SERVERS or path.startswith("app/"), f"{path} imports {name}"
            of_workers = top in {"dask", "distributed"}
            assert not of_workers or path.startswith(LEADS_WORKERS), f"{path} imports {name}"


def test_no_module_chooses_an_import_at_run_time(trees: dict[str, ast.Module]) -> None:
    """What is imported stands in the text, so that the tests here can read it."""
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
                function = node.func
                called = function.attr if isinstance(function, ast.Attribute) else function.id
                written_out = called == "exec" and path in WRITES_ITS_OWN_TEXT
                assert called not in {"eval", "exec"} or written_out, f"{path}:{node.lineno}"
                if called in {"import_module", "__import__"}:
                    assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}"


@pytest.mark.parametrize(
    "text",
    ["https://a.example", "s3://b", "INSTALL spatial", "install spatial;", "SELECT 1; load 'x'",
     "force install a from community", "httpfs", "Please INSTALL this"],
)  # fmt: skip
def test_the_net_catches_what_reaches_out(text: str) -> None:
    """Addresses and the statements that fetch an extension are recognised."""
    assert REACH.search(text)


def test_the_net_lets_advice_through() -> None:
    """A sentence may say what a user can install."""
    assert not REACH.search("the benchmark needs Mesa 3: install `glasshouse[bench]`")


def test_no_text_of_the_package_reaches_for_an_address(trees: dict[str, ast.Module]) -> None:
    """No constant is an address to fetch from or the name of an engine's network extension."""
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found = REACH.search(DIALECT.sub("", node.value))
                # A JSON Schema names its dialect by an address that nobody fetches.
                allowed = "json-schema.org" in node.value
                # What the page is called on this machine is written where its port is opened.
                allowed = allowed or (node.value == "http://" and path == OPENS_A_PORT)
                assert found is None or allowed, f"{path}:{node.lineno}: {node.value}"


def test_the_embedded_engine_fetches_no_extension(trees: dict[str, ast.Module]) -> None:
    """DuckDB is used by explicit connections only, and each is told not to load from the net."""
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
                continue
            if node.value.id == "duckdb":
                known = node.attr in DUCKDB_NAMES or node.attr.endswith(("Error", "Exception"))
                assert known, f"{path}:{node.lineno}: duckdb.{node.attr}"
        text = ast.unparse(tree)
        if "duckdb.connect(" in text:
            assert "autoinstall_known_extensions" in text, f"{path}: connects without saying no"
            assert "autoload_known_extensions" in text, f"{path}: connects without saying no"


def test_a_port_is_opened_on_loopback_alone(trees: dict[str, ast.Module]) -> None:
    """One module binds a port, to a constant that names this machine; no address is an option."""
    calls = [
        (path, node)
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"bind", "bind_socket", "create_server", "start_server"}
    ]
    assert [path for path, _ in calls] == [OPENS_A_PORT]
    assert ast.unparse(calls[0][1].args[0]) == "(LOOPBACK, port)"
    stated = [
        ast.unparse(node.value)
        for node in ast.walk(trees[OPENS_A_PORT])
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "LOOPBACK"
    ]
    assert stated == [repr(LOOPBACK)]
    options = {
        word
        for node in ast.walk(trees["cli/serve.py"])
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for word in node.value.split()
        if word.startswith("--")
    }
    assert options == {"--port"}


def test_workers_of_this_machine_listen_on_loopback_alone(trees: dict[str, ast.Module]) -> None:
    """Every address that processes begun here listen on is the constant that names this machine."""
    tree = trees[LEADS_WORKERS + "connection.py"]
    stated = {
        ast.unparse(node.targets[0]): ast.unparse(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
    }
    assert (stated["LOOPBACK"], stated["ANY_PORT"]) == (repr(LOOPBACK), "f'{LOOPBACK}:0'")
    (begun,) = (
        {str(word.arg): ast.unparse(word.value) for word in node.keywords}
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "LocalCluster"
    )
    assert begun["host"] == "LOOPBACK"
    # Dask opens these in any case, and on all addresses if it is told none.
    assert begun["dashboard_address"] == begun["worker_dashboard_address"] == "ANY_PORT"
    assert begun["scheduler_kwargs"] == "{'dashboard': False}"


def test_the_server_is_given_its_port_and_opens_none(trees: dict[str, ast.Module]) -> None:
    """The server runs on the port that was opened for it: no host, no port and no file is named."""
    named = {
        word.arg
        for node in ast.walk(trees["app/server.py"])
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "uvicorn.Config"
        for word in node.keywords
    }
    assert named
    assert not named & {"host", "port", "uds", "fd", "ssl_keyfile", "reload", "workers"}


def test_looking_around_opens_no_socket() -> None:
    """Starting the program and listing what it has touches no network, by the audit of Python."""
    program = (
        "import sys\n"
        "opened = []\n"
        "def watch(event, arguments):\n"
        "    if event.startswith('socket.') and event != 'socket.gethostname':\n"
        "        opened.append(event)\n"
        "sys.addaudithook(watch)\n"
        "from glasshouse.cli import main\n"
        "for words in (['--help'], ['rulebook', 'list'], ['scenario', 'list']):\n"
        "    try:\n"
        "        main(words, standalone_mode=False)\n"
        "    except SystemExit as end:\n"
        "        assert not end.code, (words, end.code)\n"
        "assert not opened, opened\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
