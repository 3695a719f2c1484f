"""What is measured: building, starting, memory, bytes over the wire, and the answer of a trend card."""

from __future__ import annotations

import gzip
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import brotli
import psutil  # type: ignore[import-untyped]  # its types are not among the tools

from benchmarks.questions import questions
from benchmarks.table import Row

ROOT = Path(__file__).parent.parent
OPERATIONS = (
    "hti-eq2010",
    "ner-fm2016",
    "lby-dtm",
    "xtr-mt",
    "xtr-fm",
    "xtr-bc",
)  # stocks, flows, few and many
CARD_VIEW = {
    "path": "/trends", "search": "?op=hti-eq2010", "language": "en", "scheme": "light", "narrow": False,
}  # fmt: skip


AHEAD_S, IDLE_SHARE = 12, 0.05  # longer than the pause between two pages made ahead


def made_ahead(pid: int) -> None:
    """Wait until a server that has just started has made its pages ahead: until it has had nothing to do in a while."""
    workers = psutil.Process(pid).children(recursive=True) or [psutil.Process(pid)]
    quiet = 0
    while quiet < AHEAD_S:
        before = sum(worker.cpu_times().user for worker in workers)
        time.sleep(1)
        quiet = quiet + 1 if sum(worker.cpu_times().user for worker in workers) - before < IDLE_SHARE else 0


def build(store: Path) -> list[Row]:
    """Building the embedded store from nothing, with the training country."""
    took, most = _costs([sys.executable, "-m", "data", "demo", "--store", str(store)])
    _costs([sys.executable, "-m", "web", "compress", "--store", str(store)])
    return [
        Row(what="embedded store from nothing", measured=took, bar=30, unit="s"),
        Row(what="memory for it", measured=most, bar=1000, unit="MB"),
    ]


def training(store: Path) -> list[Row]:
    """The training country by itself, and 65 times as large: 5 million observations in the same memory."""
    small, small_mb = _costs([sys.executable, "-c", "from data.training.build import build; build()"])
    command = [
        sys.executable,
        "-m",
        "data",
        "demo",
        "--training",
        "--scale",
        "65",
        "--store",
        str(store.parent / "load"),
    ]
    large, large_mb = _costs(command)
    return [
        Row(what="training country", measured=small, bar=20, unit="s"),
        Row(what="memory for it", measured=small_mb, bar=500, unit="MB"),
        Row(what="5 million observations of it", measured=large, bar=90, unit="s"),
        Row(what="memory at 65 times / at once", measured=large_mb / small_mb, bar=1.3, unit="ratio"),
    ]


def start(store: Path) -> list[Row]:
    """Start to ready, and resident memory of a worker after every page was asked for."""
    began = time.perf_counter()
    with serving(store) as (url, process):
        ready_s = time.perf_counter() - began
        for page in ("/", "/map", "/trends", "/method"):
            for operation in ("", "?op=hti-eq2010", "?op=ner-fm2016", "?op=lby-dtm"):
                view(url, {**CARD_VIEW, "path": page, "search": operation})
        _get(f"{url}boundaries/{release(store)}/world.geojson")
        workers = psutil.Process(process.pid).children(recursive=True) or [psutil.Process(process.pid)]
        most = max(worker.memory_info().rss for worker in workers) / 1e6
    return [
        Row(what="start to ready", measured=ready_s, bar=5, unit="s"),
        Row(what="resident memory of a worker, all pages", measured=most, bar=450, unit="MB"),
    ]


def card(store: Path) -> list[Row]:
    """The answer with Haiti's trend cards for one reader: views that are made anew, and one that was asked before."""
    every = [
        {
            **CARD_VIEW,
            "language": language,
            "scheme": scheme,
            "narrow": narrow,
            "search": f"?op=hti-eq2010{more}",
        }
        for language in ("en", "fr")
        for scheme in ("light", "dark")
        for narrow in (False, True)
        for more in ("", "&window=all", "&basis=old", "&basis=old&window=all")
    ]  # more cards than are kept, so that each is made anew when its turn comes again
    with serving(store) as (url, process):
        made_ahead(process.pid)
        over_all = [took for operation in OPERATIONS for took in _cards_anew(url, operation)]
        cards = _cards(url, CARD_VIEW)
        for asked in every:
            view(url, asked)
        anew = sorted(_seconds(partial(view, url, asked)) for asked in every * 2)
        days = ("2013-10-31", "2014-01-31", "2014-07-31", "2015-01-06", "2016-04-12", "2017-06-30")
        moved = [{**CARD_VIEW, "search": f"?op=hti-eq2010&known={day}"} for day in days]
        known = statistics.median(_seconds(partial(view, url, asked)) for asked in moved)
        view(url, CARD_VIEW)
        again = statistics.median(_seconds(partial(view, url, CARD_VIEW)) for _ in range(30))
    p95 = anew[int(0.95 * len(anew))]
    return [
        Row(
            what=f"a trend card, p95 over {len(OPERATIONS)} operations",
            measured=1000 * sorted(over_all)[int(0.95 * len(over_all))],
            bar=100,
            unit="ms",
        ),
        Row(
            what=f"a trend card made anew, p95 (page of {cards})",
            measured=1000 * p95 / cards,
            bar=100,
            unit="ms",
        ),
        Row(
            what="a card as known on another day, median of six days",
            measured=1000 * known / cards,
            bar=200,
            unit="ms",
        ),
        Row(
            what="the page asked again / made anew",
            measured=again / statistics.median(anew),
            bar=1,
            unit="ratio",
        ),
    ]


def _cards(url: str, asked: Mapping[str, object]) -> int:
    """How many trend cards a view has."""
    return json.dumps(view(url, asked)).count('"card trend-card"')


def _cards_anew(url: str, operation: str) -> list[float]:
    """Seconds a card of an operation takes, in views that differ in language, colours and width; after a first one."""
    shown = {**CARD_VIEW, "search": f"?op={operation}"}
    cards = max(1, _cards(url, shown))
    looks = [
        {"language": language, "scheme": scheme, "narrow": narrow}
        for language in ("en", "fr")
        for scheme in ("light", "dark")
        for narrow in (False, True)
    ]
    return [_seconds(partial(view, url, {**shown, **look})) / cards for look in looks[1:]]


def wire(store: Path) -> list[Row]:
    """Bytes of a first and of a later visit in a real browser, as sent."""
    from playwright.sync_api import sync_playwright

    from scripts.browser import QUIET, SOFTWARE, find

    rows = []
    with serving(store) as (url, _), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox", *SOFTWARE, QUIET])
        context = chromium.new_context()
        for what, bar in (("first visit, map of Haiti", 2200), ("later visit, map of Haiti", 150)):
            page = context.new_page()
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            sent: list[float] = []
            session.on(
                "Network.loadingFinished", lambda event, to=sent: to.append(event["encodedDataLength"])
            )
            page.goto(f"{url}map?op=hti-eq2010")
            page.wait_for_selector("#map .js-plotly-plot canvas")
            page.wait_for_timeout(4000)
            rows.append(Row(what=what, measured=sum(sent) / 1000, bar=bar, unit="kB"))
            page.close()
        chromium.close()
    return rows


ALL: Mapping[str, Callable[[Path], list[Row]]] = {
    "build": build,
    "training": training,
    "start": start,
    "card": card,
    "wire": wire,
    "questions": questions,
}


@contextmanager
def serving(store: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The product served by gunicorn as `make run` serves it, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"SITELINE_STORE": str(store), "SITELINE_PORT": str(port), "SITELINE_HOST": "127.0.0.1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn"],
        cwd=ROOT,
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}/"
    try:
        _wait(f"{url}readyz")
        yield url, process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def release(store: Path) -> str:
    """Digest of the current release."""
    return (store / "CURRENT").read_text(encoding="utf-8").split()[0]


def view(url: str, asked: Mapping[str, object]) -> object:
    """The page callback's answer to a view."""
    dependencies = json.loads(_get(f"{url}_dash-dependencies"))
    router = next(d for d in dependencies if "root.children" in d["output"])
    outputs = [{"id": "root", "property": "children"}, {"id": "page", "property": "data"}]
    body = {
        "output": router["output"],
        "outputs": outputs,
        "inputs": [{"id": "view", "property": "data", "value": {**asked, "origin": url.rstrip("/")}}],
        "state": [{"id": "page", "property": "data", "value": None}],
        "changedPropIds": ["view.data"],
    }
    request = urllib.request.Request(  # noqa: S310 - an address of this machine
        f"{url}_dash-update-component",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Accept-Encoding": "br"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - as above
        return json.loads(_plain(answer.read(), answer.headers.get("Content-Encoding")))


def _plain(body: bytes, encoding: str | None) -> bytes:
    return (
        bytes(brotli.decompress(body))
        if encoding == "br"
        else gzip.decompress(body)
        if encoding == "gzip"
        else body
    )


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:  # noqa: S310 - an address of this machine
        return _plain(answer.read(), answer.headers.get("Content-Encoding"))


def _wait(url: str, most_s: float = 60) -> None:
    until = time.monotonic() + most_s
    while time.monotonic() < until:
        try:
            _get(url)
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"{url} did not answer in {most_s} s")


def _costs(command: list[str]) -> tuple[float, float]:
    """Seconds and peak resident memory (MB) of a whole command."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{' '.join(command)} ended with {status}")
    return time.perf_counter() - began, used.ru_maxrss / 1000


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
