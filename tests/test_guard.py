"""Whatever a client sends, no callback runs on what the page does not offer, and nothing ends as an error 500."""

from __future__ import annotations

import copy
import json
import logging
import random
from typing import Any

import pytest
from dash import Dash
from werkzeug.test import Client

from web.guard import MAX_BODY, Refused, bounded, decoded

TELL: dict[str, Any] = {
    "output": "told.children",
    "outputs": {"id": "told", "property": "children"},
    "inputs": [
        {"id": "country", "property": "value", "value": "A"},
        {"id": "round", "property": "value", "value": 3},
    ],
    "state": [{"id": "memory", "property": "data", "value": {"shown": ["a"]}}],
    "changedPropIds": ["country.value"],
    "parsedChangedPropsIds": ["country.value"],
}
COUNT: dict[str, Any] = {
    "output": "..twice.children...count.children..",
    "outputs": [{"id": "twice", "property": "children"}, {"id": "count", "property": "children"}],
    "inputs": [{"id": "count", "property": "n_clicks", "value": 2}],
    "changedPropIds": ["count.n_clicks"],
}
SUM: dict[str, Any] = {
    "output": "sum.children",
    "outputs": {"id": "sum", "property": "children"},
    "inputs": [[{"id": {"n": n, "part": "row"}, "property": "value", "value": str(n)} for n in range(3)]],
    "state": [{"id": "here", "property": "search", "value": "?a=1"}],
    "changedPropIds": ['{"n":1,"part":"row"}.value'],
}
ECHO: dict[str, Any] = {
    "output": '{"n":["MATCH"],"part":"echo"}.children',
    "outputs": {"id": {"n": 1, "part": "echo"}, "property": "children"},
    "inputs": [{"id": {"n": 1, "part": "row"}, "property": "value", "value": "7"}],
    "changedPropIds": ['{"n":1,"part":"row"}.value'],
}
GOOD = (TELL, COUNT, SUM, ECHO)
JUNK: tuple[Any, ...] = (
    None, True, 0, -1, 3.5, 1e308, 10**30, "", "A", "Z", "\ud800", "\0", "x" * 70_000, "../../etc",
    "' OR 1=1", "__proto__",
    [], [[]], [None], {}, {"id": "told"}, {"value": {"value": {}}}, {"id": {"n": ["ALL"]}},
    ["A"] * 20_001,
)  # fmt: skip


def post(client: Client, body: Any, **how: Any) -> Any:
    """The answer to a callback request with `body`, a text or a value."""
    data = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return client.post("/_dash-update-component", data=data, **{"content_type": "application/json", **how})


def places_in(body: Any) -> list[tuple[Any, Any]]:
    """Every list or object of `body` with each of its keys."""
    places: list[tuple[Any, Any]] = []
    stack = [body]
    while stack:
        at = stack.pop()
        keys = list(at) if isinstance(at, dict) else range(len(at)) if isinstance(at, list) else ()
        places += [(at, key) for key in keys]
        stack += [at[key] for key in keys]
    return places


def mutated(body: Any, chance: random.Random) -> Any:
    """`body` with one to three of its parts replaced, dropped, doubled or moved into a list."""
    body = copy.deepcopy(body)
    for _ in range(chance.randint(1, 3)):
        places = places_in(body)
        if not places:
            return copy.deepcopy(chance.choice(JUNK))
        at, key = chance.choice(places)
        way = chance.choice(("junk", "junk", "drop", "wrap", "double", "rename", "deep"))
        if way == "drop":
            del at[key]
        elif way == "wrap":
            at[key] = [at[key]]
        elif way == "double" and isinstance(at, list):
            at.append(copy.deepcopy(at[key]))
        elif way == "rename" and isinstance(at, dict):
            at[f"{key}_"] = at.pop(key)
        elif way == "deep":
            for _ in range(60):
                at[key] = [at[key]]
        else:
            at[key] = copy.deepcopy(chance.choice(JUNK))
    return body


def fuzz(client: Client, count: int) -> dict[int, int]:
    """How often each status answered `count` seeded mutations of good bodies."""
    statuses: dict[int, int] = {}
    for seed in range(count):
        chance = random.Random(seed)
        body = mutated(chance.choice(GOOD), chance)
        text = json.dumps(body)
        if seed % 10 == 0:  # and some that are not JSON any more
            cut = chance.randrange(len(text))
            text = chance.choice(
                (text[:cut], text.replace(":", ",", 1), "[" * 5000, text + "}", '{"a":NaN}', "\xff\xfe")
            )
        status = post(client, text).status_code
        statuses[status] = statuses.get(status, 0) + 1
    return statuses


@pytest.mark.parametrize("body", GOOD, ids=("value", "several-outputs", "all", "match"))
def test_what_the_page_sends_is_answered(client: Client, body: dict[str, Any]) -> None:
    """Every form of callback that Dash knows passes the check."""
    assert post(client, body).status_code == 200


def test_no_mutated_body_is_an_error_of_the_server(client: Client) -> None:
    """Of 2,000 mutated bodies none gives 5xx, most are refused, and each refusal is one sentence."""
    statuses = fuzz(client, 2000)
    assert not [status for status in statuses if status >= 500], statuses
    assert statuses[400] > 1000, statuses


@pytest.mark.filterwarnings("ignore")  # the control may warn as it likes
def test_plain_dash_fails_on_the_same_bodies(stub: Dash) -> None:
    """Control: without the guard the same bodies do give errors of the server."""
    stub.server.config["PROPAGATE_EXCEPTIONS"] = False
    logging.disable(logging.CRITICAL)
    try:
        statuses = fuzz(stub.server.test_client(), 200)
    finally:
        logging.disable(logging.NOTSET)
    assert statuses.get(500, 0) > 50, statuses


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"output": "nothing.children"}, "not there", id="unknown-output"),
        pytest.param({"output": "local.children"}, "not there", id="a-clientside-callback"),
        pytest.param({"output": {"a": 1}}, "not there", id="output-is-an-object"),
        pytest.param({"inputs": []}, "inputs", id="no-inputs"),
        pytest.param({"inputs": TELL["inputs"][::-1]}, "input that is not there", id="inputs-swapped"),
        pytest.param({"state": None}, "state", id="no-state"),
        pytest.param({"outputs": {"id": "count", "property": "children"}}, "not there", id="other-output"),
        pytest.param({"outputs": {"id": "told", "property": "style"}}, "property", id="other-property"),
        pytest.param({"changedPropIds": ["memory.secret"]}, "changed", id="forged-trigger"),
        pytest.param({"changedPropIds": 7}, "changed", id="trigger-is-a-number"),
    ],
)
def test_a_forged_body_is_refused_in_a_sentence(client: Client, change: dict[str, Any], said: str) -> None:
    """The status is 400 and the sentence says which part did not fit."""
    answer = post(client, TELL | change)
    assert answer.status_code == 400
    assert said in answer.get_json()["error"]


def test_a_value_that_is_not_offered_is_refused_by_its_callback(client: Client) -> None:
    """`Refused` in a callback reaches the reader as its own sentence."""
    inputs = [{"id": "country", "property": "value", "value": "partner"}, TELL["inputs"][1]]
    answer = post(client, TELL | {"inputs": inputs})
    assert (answer.status_code, answer.get_json()) == (
        400,
        {"error": "That country or round is not offered here; choose one from the list."},
    )


@pytest.mark.parametrize("value", [True, "3", -1, 2.5, [1]], ids=str)
def test_a_count_of_clicks_is_a_whole_number(client: Client, value: object) -> None:
    """A known property takes its own kind of value only."""
    answer = post(client, COUNT | {"inputs": [{"id": "count", "property": "n_clicks", "value": value}]})
    assert answer.status_code == 400
    assert "n_clicks" in answer.get_json()["error"]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 30_000,
        '{"a":' * 200 + "1" + "}" * 200,
        "NaN",
        '{"a":1e999}',
        '{"a":"\\ud800"}',
        "9" * 5000,
        '"\\u0000"',
        "{",
    ],
    ids=("brackets", "deep", "nan", "infinite", "half-pair", "digits", "nul", "cut"),
)
def test_json_beyond_the_bounds_is_refused(text: str) -> None:
    """Depth, size, numbers and characters are bounded before anything looks at the value."""
    with pytest.raises(Refused):
        decoded(text.encode())


def test_a_usual_body_is_within_the_bounds() -> None:
    """Control: ordinary values pass, also in other scripts."""
    for body in GOOD:
        bounded(body)
    assert decoded('{"a": ["été", "السودان", 1.5, null]}'.encode()) == {"a": ["été", "السودان", 1.5, None]}


def test_a_bug_is_logged_with_the_reference_that_the_reader_is_given(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """A real bug stays 500: the reader gets a reference and nothing of the trace, the log gets both."""
    body = {
        "output": "count.title",
        "outputs": {"id": "count", "property": "title"},
        "inputs": [{"id": "told", "property": "title", "value": "x"}],
        "changedPropIds": ["told.title"],
    }
    answer = post(client, body)
    sentence = answer.get_json()["error"]
    assert answer.status_code == 500
    assert "ZeroDivision" not in sentence
    reference = sentence.rstrip(".").split()[-1]
    assert reference in caplog.text
    assert "a bug that must not be told" in caplog.text


def test_a_large_body_is_refused(client: Client) -> None:
    """Beyond the limit the answer is 413, whatever the body holds."""
    answer = post(client, TELL | {"more": "x" * MAX_BODY})
    assert answer.status_code == 413
    assert "narrow the selection" in answer.get_json()["error"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
    ids=str,
)
def test_a_page_of_another_site_is_refused(client: Client, headers: dict[str, str]) -> None:
    """Sec-Fetch-Site decides where the browser sends it, else Origin."""
    assert post(client, TELL, headers=headers).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {"Origin": "https://localhost"}],
    ids=str,
)
def test_the_own_page_is_answered(client: Client, headers: dict[str, str]) -> None:
    """Control: the own page is answered, also behind a proxy that adds TLS, and so is a program."""
    assert post(client, TELL, headers=headers).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_is_no_callback(client: Client, kind: str) -> None:
    """What a form of another site could send without asking is refused for its type."""
    assert post(client, TELL, content_type=kind).status_code == 400


def test_another_host_name_is_not_answered(client: Client) -> None:
    """A name that was pointed at this machine (DNS rebinding) gets no page, no layout, no figures."""
    for path in ("/", "/_dash-layout", "/healthz", "/assets/look.css"):
        assert client.get(path, headers={"Host": "evil.example:8050"}).status_code == 400
        assert client.get(path, headers={"Host": "127.0.0.1:8050"}).status_code == 200
