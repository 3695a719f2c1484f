"""What leaves the server: protective headers on everything, small bodies, honest caching, health, real pixels."""

from __future__ import annotations

import base64
import gzip
import hashlib
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import brotli
import pytest
from dash import Dash
from werkzeug.test import Client

import web
from web.health import StoreCheck, disk_reasons
from web.settings import Settings
from web.static import Static, compress_all, packed, sources, unpacked

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[1]
BR = {"Accept-Encoding": "gzip, deflate, br"}
REQUESTS: tuple[tuple[str, str, int], ...] = (
    ("GET", "/", 200),
    ("HEAD", "/", 200),
    ("GET", "/a/page", 200),
    ("GET", "/_dash-layout", 200),
    ("GET", "/_dash-dependencies", 200),
    ("GET", "/_favicon.ico", 200),
    ("GET", "/assets/look.css", 200),
    ("GET", "/assets/none.css", 404),
    ("GET", "/assets/../app.py", 404),
    ("GET", "/_dash-component-suites/plotly/package_data/plotly.min.js", 200),
    ("GET", "/_dash-component-suites/plotly/none.js", 404),
    ("GET", "/_dash-component-suites/os/path.py", 404),
    ("PUT", "/_dash-update-component", 405),
    ("POST", "/_dash-update-component", 400),
    ("POST", "/", 405),
    ("OPTIONS", "/", 200),
    ("GET", "/healthz", 200),
    ("GET", "/readyz", 200),
)


class Scripts(HTMLParser):
    """Collects the inline scripts that a browser would run, and the addresses of the others."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.addresses: list[str] = []
        self._open = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a script, or note its address."""
        given = dict(attrs)
        if tag == "script" and given.get("src"):
            self.addresses.append(str(given["src"]))
        elif tag == "script" and given.get("type") != "application/json":
            self._open = True
            self.inline.append("")

    def handle_endtag(self, tag: str) -> None:
        """Close it."""
        self._open = self._open and tag != "script"

    def handle_data(self, data: str) -> None:
        """Keep what stands in it."""
        if self._open:
            self.inline[-1] += data


@pytest.mark.parametrize(("method", "path", "status"), REQUESTS, ids=str)
def test_every_response_is_protected(client: Client, method: str, path: str, status: int) -> None:
    """Headers are on all responses, errors included; no policy allows eval, and no error shows a trace."""
    answer = client.open(path, method=method)
    assert answer.status_code == status
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert re.search(r"script-src[^;]*unsafe-inline", policy) is None
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cache-Control"]
    if status >= 400 and method != "HEAD":
        assert "Traceback" not in answer.text
        assert str(ROOT) not in answer.text


def test_plain_dash_is_not_protected(stub: Dash) -> None:
    """Control: without `web` none of these headers is there."""
    assert "Content-Security-Policy" not in stub.server.test_client().get("/").headers


def test_the_policy_lists_every_inline_script(client: Client) -> None:
    """The digest of each inline script of the page, clientside callbacks among them, is in the policy."""
    answer = client.get("/")
    inline = Scripts(answer.text).inline
    assert any("in the browser" in script for script in inline)
    for script in inline:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in answer.headers["Content-Security-Policy"]


def test_environment_cannot_switch_tools_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Dash's own variables would serve its debugger and its development bundles; here they do nothing."""
    for name in (
        "DASH_DEBUG",
        "DASH_UI",
        "DASH_SERVE_DEV_BUNDLES",
        "DASH_HOT_RELOAD",
        "DASH_PROPS_CHECK",
        "FLASK_DEBUG",
    ):
        monkeypatch.setenv(name, "true")
    stub: Dash = request.getfixturevalue("stub")  # made now, with these variables set
    web.install(stub, Settings(store=tmp_path), list)
    page = stub.server.test_client().get("/").text
    assert '"ui":false' in page
    assert "dash_renderer" in page
    assert ".dev.js" not in page
    assert "hot_reload" not in page
    assert not stub.server.debug


def test_a_page_that_cannot_be_made_stops_the_start(stub: Dash, tmp_path: Path) -> None:
    """What is wrong with the first page shows when the server starts, not when a reader comes."""
    stub.layout = lambda: 1 / 0
    with pytest.raises((RuntimeError, ZeroDivisionError)):
        web.install(stub, Settings(store=tmp_path), list)


def plain_bytes(answer: Any) -> bytes:
    """The body of `answer` as the browser would see it."""
    encoding = answer.headers.get("Content-Encoding")
    body: bytes = answer.data
    return (
        brotli.decompress(body) if encoding == "br" else gzip.decompress(body) if encoding == "gzip" else body
    )


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip, deflate", "gzip"),
        ("", None),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
    ],
)
def test_a_script_is_the_same_in_every_encoding(client: Client, accepts: str, encoding: str | None) -> None:
    """Brotli before gzip before plain bytes; each with its own tag, all telling caches to look at the header."""
    address = "/_dash-component-suites/dash/dcc/async-graph.js"
    answer = client.get(address, headers={"Accept-Encoding": accepts})
    plain = client.get(address, headers={"Accept-Encoding": ""})
    assert answer.headers.get("Content-Encoding") == encoding
    assert plain_bytes(answer) == plain.data
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.mimetype == "text/javascript"
    assert (answer.headers["ETag"] == plain.headers["ETag"]) is (encoding is None)


def test_what_carries_a_fingerprint_is_kept_for_a_year(client: Client) -> None:
    """Every script and style of the page is; the others are asked for, and answered by 304 without a body."""
    page = client.get("/").text
    addresses = Scripts(page).addresses + re.findall(
        r'<link rel="(?:stylesheet|icon)"[^>]*href="([^"]+)"', page
    )
    assert len(addresses) > 8
    for address in addresses:
        assert (
            client.get(address, headers=BR).headers["Cache-Control"] == "public, max-age=31536000, immutable"
        )
    for address in ("/_dash-component-suites/plotly/package_data/plotly.min.js", "/assets/look.css"):
        first = client.get(address, headers=BR)
        assert first.headers["Cache-Control"] == "no-cache"
        again = client.get(address, headers={**BR, "If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        other = client.get(address, headers={**BR, "If-None-Match": '"of-another-version"'})
        assert (other.status_code, other.data) == (200, first.data)


def test_a_changed_asset_is_sent_at_once(client: Client, tmp_path: Path) -> None:
    """A file that is edited while the server runs gets a new tag and its new bytes."""
    before = client.get("/assets/look.css", headers=BR)
    (tmp_path / "assets" / "look.css").write_text("p { color: red }")
    after = client.get("/assets/look.css", headers={**BR, "If-None-Match": before.headers["ETag"]})
    assert (after.status_code, plain_bytes(after)) == (200, b"p { color: red }")


def test_answers_of_callbacks_are_compressed(client: Client) -> None:
    """JSON above 1 kB goes out in Brotli; the layout is not sent again while it is the same."""
    layout = client.get("/_dash-layout", headers=BR)
    assert layout.headers["Content-Encoding"] == "br"
    assert len(layout.data) < len(plain_bytes(layout)) / 2
    again = client.get("/_dash-layout", headers={**BR, "If-None-Match": layout.headers["ETag"]})
    assert again.status_code == 304
    short = client.get("/readyz", headers=BR)
    assert "Content-Encoding" not in short.headers


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_packing_loses_nothing(encoding: str) -> None:
    """Packed and unpacked bytes are the same, at both levels; the same bytes pack to the same bytes."""
    plain = os.urandom(500) + b"Siteline " * 500
    for best in (True, False):
        assert unpacked(packed(plain, encoding, best=best), encoding) == plain
        assert packed(plain, encoding, best=best) == packed(plain, encoding, best=best)


def test_set_up_compresses_once_and_the_server_sends_that(
    stub: Dash, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin of set-up is what goes out; a second set-up writes nothing; a damaged twin is not sent."""
    assets, folder = tmp_path / "assets", tmp_path / "store" / "static"
    said: list[str] = []
    small = assets / "look.css"
    monkeypatch.setattr("web.static.sources", lambda _: iter([small, small]))
    assert compress_all(assets, folder, said.append) == 2
    assert compress_all(assets, folder, said.append) == 0
    assert len(said) == 1
    twin = folder / f"{hashlib.sha256(small.read_bytes()).hexdigest()}.br"
    marked = brotli.compress(small.read_bytes(), quality=1)  # other bytes than the server would make itself
    twin.write_bytes(marked)
    web.install(stub, Settings(store=tmp_path / "store"), list)
    assert stub.server.test_client().get("/assets/look.css", headers=BR).data == marked
    twin.write_bytes(marked[:-3])
    files = Static(stub, folder)
    with stub.server.test_request_context("/assets/look.css", headers=BR):
        answer = files.answer()
    assert answer is not None
    assert plain_bytes(answer) == small.read_bytes()


def test_set_up_knows_every_file_that_a_page_asks_for(client: Client, tmp_path: Path) -> None:
    """Each script of the page and each chunk that it loads later is among the files to compress."""
    known = {path.name for path in sources(tmp_path / "assets")}
    for address in Scripts(client.get("/").text).addresses:
        name = re.sub(r"\.v[\w-]+m[0-9a-f]+", "", address.rsplit("/", 1)[-1].partition("?")[0])
        assert name in known
    assert {"async-graph.js", "look.css"} <= known
    assert "plotly.min.js" not in known  # no page of Siteline asks for the whole of it


def test_ready_or_why_not(stub: Dash, tmp_path: Path) -> None:
    """`/readyz` is 503 with the sentences of the check, or with one of its own when the check fails."""
    reasons: list[str] = []

    def ready() -> list[str]:
        if "fail" in reasons:
            raise OSError("/a/secret/path")
        return reasons

    web.install(stub, Settings(store=tmp_path), ready)
    client = stub.server.test_client()
    assert client.get("/readyz").get_json() == {"ready": True, "reasons": []}
    reasons.append("The current release is damaged.")
    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").get_json()["reasons"] == reasons
    assert client.get("/healthz").status_code == 200
    reasons.append("fail")
    assert client.get("/readyz").status_code == 503
    assert "secret" not in client.get("/readyz").text


def test_the_store_is_read_again_once_an_hour(tmp_path: Path) -> None:
    """A whole release is trusted for an hour, another release or a damaged one is read at once."""
    now, read, bad = [0.0], [], set()

    def damaged(digest: str) -> bool:
        read.append(digest)
        return digest in bad

    current = ["a"]
    check = StoreCheck(
        tmp_path, current=lambda: current[0], damaged=damaged, fault=KeyError, clock=lambda: now[0]
    )
    for seconds, digest, reads in ((0, "a", 1), (3599, "a", 1), (3700, "a", 2), (3701, "b", 3)):
        now[0], current[0] = seconds, digest
        assert check.reasons() == disk_reasons(tmp_path)
        assert len(read) == reads
    bad.add("c")
    current[0] = "c"
    assert "The current release is damaged." in check.reasons()
    bad.clear()
    assert "The current release is damaged." not in check.reasons()


def test_a_store_that_cannot_be_read_is_not_ready(tmp_path: Path) -> None:
    """The fault of the store is a reason without its path."""

    def current() -> str:
        raise KeyError("/a/secret/path")

    reasons = StoreCheck(tmp_path, current=current, damaged=lambda _: False, fault=KeyError).reasons()
    assert "The store is missing or cannot be read." in reasons
    assert "secret" not in " ".join(reasons)


@pytest.mark.parametrize(("share", "full"), [(0.0, False), (1.0, True)])
def test_a_full_disk_is_not_ready(tmp_path: Path, share: float, full: bool) -> None:
    """Less free than the share asked for is a reason, also for a folder that is not there yet."""
    assert bool(disk_reasons(tmp_path / "not" / "yet", share)) is full


def test_the_set_up_command_says_what_is_wrong(tmp_path: Path) -> None:
    """A store that is a file ends with one sentence and not with a trace."""
    file = tmp_path / "file"
    file.write_text("")
    ended = subprocess.run(
        [sys.executable, "-m", "web", "compress", "--store", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "folder" in ended.stderr


def free_port() -> int:
    """A loopback port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(*command: str, **environment: str) -> subprocess.Popen[str]:
    """One of this project's own servers, as a person starts it."""
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.parametrize("command", [("app.py",), ("-m", "gunicorn")], ids=("waitress", "gunicorn"))
def test_a_taken_port_ends_the_start_in_one_sentence(command: tuple[str, ...], tmp_path: Path) -> None:
    """Both servers name the port and how to choose another, and end with an error code."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        with start(*command, SITELINE_PORT=port, SITELINE_STORE=str(tmp_path / "store")) as process:
            said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert port in said
    assert "--port" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("command", [("app.py",), ("-m", "gunicorn")], ids=("waitress", "gunicorn"))
def test_a_bad_setting_ends_the_start_in_one_sentence(command: tuple[str, ...]) -> None:
    """No trace, but what is wrong and which setting mends it."""
    with start(*command, SITELINE_PORT="http") as process:
        said, _ = process.communicate(timeout=60)
    assert process.returncode not in {0, None}
    assert "SITELINE_PORT" in said
    assert "Traceback" not in said


def test_a_damaged_store_ends_the_start_in_one_sentence(tmp_path: Path) -> None:
    """The store's own sentence is said, without a trace."""
    (tmp_path / "CURRENT").write_text("not a digest")
    with start("app.py", SITELINE_PORT=str(free_port()), SITELINE_STORE=str(tmp_path)) as process:
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "damaged" in said
    assert "Traceback" not in said


def test_a_store_that_cannot_be_made_ends_the_start_in_a_sentence(tmp_path: Path) -> None:
    """A folder that cannot be there is said, without a trace."""
    (tmp_path / "file").write_text("")
    store = str(tmp_path / "file" / "store")
    with start("app.py", SITELINE_PORT=str(free_port()), SITELINE_STORE=store) as process:
        said, _ = process.communicate(timeout=120)
    assert process.returncode not in {0, None}
    assert "store" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("command", [("app.py",), ("-m", "gunicorn")], ids=("waitress", "gunicorn"))
def test_both_servers_say_their_address_and_are_ready(command: tuple[str, ...], store_folder: Path) -> None:
    """The address is printed once the pages can be opened; the store is whole; a request to stop is followed."""
    port = free_port()
    with start(
        *command, SITELINE_PORT=str(port), SITELINE_STORE=str(store_folder), PYTHONUNBUFFERED="1"
    ) as process:
        try:
            assert process.stdout is not None
            assert f"http://127.0.0.1:{port}/" in process.stdout.readline()
            for path, status in (("/healthz", {200}), ("/readyz", {200, 503}), ("/", {200})):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                connection.request("GET", path)
                answer = connection.getresponse()
                assert answer.status in status
                assert answer.headers["Content-Security-Policy"]
                if path == "/readyz":
                    reasons = json.loads(answer.read())["reasons"]
                    assert not [
                        reason for reason in reasons if "disk" not in reason
                    ]  # a full disk is not our fault
                connection.close()
        finally:
            process.terminate()
            process.communicate(timeout=60)
    assert process.returncode in {0, -15}


@pytest.fixture
def stub_url(stub: Dash, tmp_path: Path, serve: Callable[[Any], str]) -> str:
    """The address of the stub app, served as Siteline is."""
    web.install(stub, Settings(store=tmp_path / "store"), list)
    return serve(stub.server)


@pytest.mark.browser
def test_map_chart_and_controls_are_drawn_under_the_policy(
    page: Page, requests_log: Any, stub_url: str, pixels: Callable[[bytes, tuple[int, int, int]], int]
) -> None:
    """Point, land and line are there as pixels; no breach of the policy, no error, no request to another machine."""
    page.goto(stub_url)
    page.get_by_text("A in round 3").wait_for()
    page.get_by_text("in the browser 3").wait_for()
    wanted = {"point": (208, 32, 144), "land": (0, 160, 80), "line": (16, 64, 208)}
    until = time.monotonic() + 60
    seen = dict.fromkeys(wanted, 0)
    while min(seen.values()) <= 300 and time.monotonic() < until:
        shot = page.screenshot()
        seen = {name: pixels(shot, rgb) for name, rgb in wanted.items()}
    assert min(seen.values()) > 300, (seen, requests_log.errors, requests_log.violations)
    page.get_by_label("Country").first.click()
    page.get_by_role("option", name="B").click()
    page.get_by_text("B in round 3").wait_for()
    page.get_by_role("button", name="Count").click()
    page.get_by_role("button", name="Count (1)").wait_for()
    assert requests_log.violations == []
    assert requests_log.errors == []
    assert requests_log.foreign == []


@pytest.mark.browser
def test_the_policy_does_stop_scripts(page: Page, requests_log: Any, stub_url: str) -> None:
    """Control: eval, an inline handler and a foreign picture are breaches, and are seen as such."""
    page.goto(stub_url)
    page.get_by_text("A in round 3").wait_for()
    page.evaluate(
        """() => {
          document.body.insertAdjacentHTML("beforeend", "<img src='nothing' onerror='window.ran = 1'>");
          const script = document.createElement("script");
          script.textContent = "window.ran = 2";
          document.body.append(script);
          new Image().src = "http://127.0.0.1:9/picture.png";
        }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None
    assert len(requests_log.violations) >= 3
