"""What the page's server refuses, and that it says so: links, bodies, paths, sizes, strangers."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.browser.page import finished, link_to, sent

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.browser.conftest import Watched

HOSTILE: dict[str, Any] = {
    "v": "0.1.0",
    "s": "<img src=x onerror=alert(1)>",
    "c": {"detection-error": 1e9, "__proto__": 1},
    "r": ["../../../etc/passwd"],
    "p": 10**9,
    "y": 99,
    "seed": -1,
    "h": {},
}


def encoded(value: object) -> str:
    """Give a value as a link has it."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (encoded(HOSTILE), "no scenario"),
        (encoded({**HOSTILE, "more": 1}), "more"),
        (encoded([1, 2, 3]), "is no JSON object"),
        ("a" * 9_000, "at most 8000"),
        ("%00%2e%2e", "never written here"),
        (encoded({"v": "0"})[:-7], ""),
    ],
)
def test_a_hostile_link_is_refused_in_words_and_runs_nothing(
    local_page: Page, live: str, watched: Watched, link: str, said: str
) -> None:
    """Nothing in a link is run or shown as it is; what is wrong is told, and no run begins."""
    watched.expect("status of 400")
    page = local_page
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live}/#{link}")
    page.get_by_role("alert").wait_for()
    assert said in page.get_by_role("alert").inner_text()
    assert page.locator("#said").inner_text() == "Nothing was run."
    assert page.locator("#problems img").count() == 0
    assert not [address for address in asked if "/stream" in address]


def test_a_link_of_other_law_is_said_before_anything_runs(local_page: Page, live: str) -> None:
    """A rulebook whose hash has changed is named; only the reader's own Run runs it."""
    page = local_page
    link = link_to(live, people=256)
    value = json.loads(base64.urlsafe_b64decode(link + "=" * (-len(link) % 4)))
    value["h"]["pellucid-civic-score"] = "0" * 64
    page.goto(f"{live}/#{encoded(value)}")
    page.get_by_role("alert").wait_for()
    assert "pellucid-civic-score" in page.get_by_role("alert").inner_text()
    assert "Nothing was run yet" in page.locator("#said").inner_text()
    page.get_by_role("button", name="Run", exact=True).click()
    finished(page)


def test_ten_megabytes_are_refused(live: str) -> None:
    """A body that large carries no settings: it is refused by its size, and in words."""
    status, said = sent(live, "POST", "/api/runs", b"x" * 10_000_000)
    assert status == 413
    assert said["problems"][0]["what"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py",
        "/static/%2e%2e/server.py",
        "/static/..%2f..%2f..%2fpyproject.toml",
        "/static//etc/passwd",
        "/static/vendor/../../worker.py",
        "/static/",
        "/api/runs/../../etc/passwd/data",
        "/../../etc/passwd",
    ],
)
def test_a_path_that_leads_out_leads_nowhere(live: str, path: str) -> None:
    """No path from outside reaches the disk: it is a name in a table, or it is nothing."""
    status, said = sent(live, "GET", path)
    assert status in {404, 405}
    assert said["problems"][0]["what"]


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ({"people": 100_000_000}, "people are not run by this page"),
        ({"years": 1_000}, "years are not run by this page"),
        ({"people": 0}, "people are not run by this page"),
        ({"scenario": "../pellucid"}, "no scenario"),
        ({"controls": {"detection-error": 1_000}}, "outside the declared range"),
        ({"controls": {"rules.points": 5}}, "no control"),
        ({"set": {"process.notice_reaches": 1}}, "set"),
        ({"person": {"name": "A"}}, "person"),
    ],
)
def test_an_order_beyond_what_was_declared_is_refused(
    live: str, order: dict[str, Any], said: str
) -> None:
    """Caps are said; a setting is a name of the house within its range; nothing else is taken."""
    whole = {"scenario": "pellucid", "people": 256, "years": 1, "seed": 1, **order}
    status, answer = sent(live, "POST", "/api/runs", json.dumps(whole).encode())
    assert status == 400
    assert said in json.dumps(answer)


def test_another_site_or_another_name_is_refused(live: str) -> None:
    """What another page made this browser send, or what came by another name, is not answered."""
    order = json.dumps({"scenario": "pellucid", "people": 256, "years": 1}).encode()
    status, _ = sent(live, "POST", "/api/runs", order, origin="http://glasshouse.invalid")
    assert status == 403
    status, _ = sent(live, "GET", "/api/catalogue", host="glasshouse.invalid")
    assert status in {400, 403, 421}
