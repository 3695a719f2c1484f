"""What the cells of an entry cannot say alone: does it speak of what is held, and can it be true of it?

Every check takes the entries of a file and what a release holds, and names each bad cell with what to do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from data.area_codes import unheld
from data.codes import EventKind
from data.dates import DateSpan
from data.errors import BadCell
from data.ledger import WITHDRAWN
from data.ledger_file import EFFECT, SOURCE, Draft, Entries, Entry
from data.ledger_known import Known

BEFORE_THE_COUNT = frozenset({EventKind.START, EventKind.CONTEXT, EventKind.PROGRAMME})
LISTED = 12  # keys that a message names before it says that there are more
LINKS = ("follows", "answers")
# A spreadsheet would run a cell that begins so; written out again it must be the same text.
RISKY = ("=", "+", "-", "@", "\t", "\r", "|", "\uff1d", "\uff0b", "\uff0d", "\uff20")
SIGN = {"delisting": -1, "relisting": 1}  # of what an entry does to a count


def problems(draft: Draft, held_: Known) -> list[BadCell]:
    """Everything that is wrong between the entries of a file and what a release holds, by row."""
    described = {entry.source[1]["key"] for entry in draft.entries if entry.source}
    links = _links(draft, held_)
    found: list[BadCell] = []
    for entry in draft.entries:
        found += _operation(entry, held_)
        found += _languages(entry, draft.what)
        found += _formulas(entry, draft.what)
        found += _source(entry, held_, described)
        found += _details_source(entry, held_, described)
        if entry.cells["operation"] in held_.operations:
            found += _scope(entry, held_)
            found += _date(entry, held_)
            if draft.what is Entries.EVENTS:
                found += _round(entry, held_)
                found += _observation(entry, held_)
                found += _effects(entry, held_)
                found += _linked(entry, links)
    return sorted(found, key=lambda cell: cell.row)


def _bad(
    line: int, column: str, found: object, expected: str, fix: str, rule: str, **told: object
) -> BadCell:
    return BadCell(row=line, column=column, found=found, expected=expected, fix=fix, rule=rule, told=told)


def _some(keys: Collection[str]) -> str:
    """Keys for a message: the first few, and that there are more."""
    listed = sorted(keys)
    return ", ".join(listed[:LISTED]) + (f" and {len(listed) - LISTED} more" if len(listed) > LISTED else "")


def _keys(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _operation(entry: Entry, held_: Known) -> Iterator[BadCell]:
    operation = entry.cells["operation"]
    if operation and operation not in held_.operations:
        yield _bad(
            entry.line,
            "operation",
            operation,
            f"one of {_some(held_.operations)}",
            "Use the key of an operation that is held.",
            "operation",
        )
    before = held_.entries.get(entry.key)
    if before and operation and before["operation"] != operation:
        yield _bad(
            entry.line,
            "key",
            entry.key,
            f"a key that no other operation uses: it is an entry of '{before['operation']}'",
            "Give a new entry a key of its own, or correct the operation.",
            "key_of_other",
            operation=before["operation"],
        )


def _scope(entry: Entry, held_: Known) -> Iterator[BadCell]:
    """Indicators, sites and areas of the operation, and of them something that is held."""
    operation = entry.cells["operation"]
    own = {key for key, (of, _) in held_.indicators.items() if of == operation}
    named = _keys(entry.cells["indicators"])
    for key in named:
        if key not in own:
            yield _bad(entry.line, "indicators", key, *_not_of(key, operation, own, held_), "indicator")
    sites = _keys(entry.cells.get("sites", ""))
    for key in sites:
        if held_.sites.get(key) != operation:
            other = held_.sites.get(key)
            yield _bad(
                entry.line,
                "sites",
                key,
                f"the key of a site of '{operation}'" + (f": it is one of '{other}'" if other else ""),
                "Correct the key, or leave the cell empty: then the entry is about all places.",
                "site",
            )
    yield from unheld(entry.cells["areas"], held_.operations[operation], held_.areas, entry.line)
    valued = (set(named) & own if named else own) & held_.counted
    at_places = sites or (not named and operation in held_.on_map)
    if valued or at_places or any(key not in own for key in named):  # the last is said already
        return
    yield _bad(
        entry.line,
        "indicators",
        entry.cells["indicators"],
        f"an indicator of '{operation}' that has values, or an operation with sites or points",
        "The entry would be shown beside nothing: correct its scope.",
        "beside_nothing",
    )


def _not_of(key: str, operation: str, own: Collection[str], held_: Known) -> tuple[str, str]:
    other = held_.indicators.get(key)
    said = f"indicators of '{operation}': {_some(own) or 'it has none'}"
    return (
        said + (f". This one is of '{other[0]}'" if other else ""),
        "Correct the key, or leave the cell empty: then the entry is about every indicator.",
    )


def _round(entry: Entry, held_: Known) -> Iterator[BadCell]:
    text, operation = entry.cells["first_round"], entry.cells["operation"]
    if not text:
        return
    number, rounds = int(text), held_.rounds.get(operation, {})
    if not rounds:
        yield _bad(
            entry.line,
            "first_round",
            text,
            f"nothing: '{operation}' has no rounds",
            "Empty the cell; the date says when.",
            "no_rounds",
        )
    elif number not in rounds and number < max(rounds):
        yield _bad(
            entry.line,
            "first_round",
            text,
            f"a round of '{operation}' ({_some_rounds(rounds)}), or one after the last",
            "Name the first round on the new basis, or empty the cell.",
            "round",
            rounds=_some_rounds(rounds),
        )


def _some_rounds(numbers: Collection[int]) -> str:
    """Round numbers in runs: 1–5, 7, 9–12."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


def _date(entry: Entry, held_: Known) -> Iterator[BadCell]:
    """Nothing is said of figures before the first of them, but how the count began and what came before it."""
    column = "when" if "when" in entry.cells else "period"
    text, operation = entry.cells[column], entry.cells["operation"]
    begun = held_.first.get(operation)
    if not text or begun is None or entry.cells.get("kind") in BEFORE_THE_COUNT:
        return
    if DateSpan.parse(text).last >= begun:
        return
    rounds = held_.rounds.get(operation, {})
    named = f"; its first round is {min(rounds)} ({rounds[min(rounds)]})" if rounds else ""
    yield _bad(
        entry.line,
        column,
        text,
        f"not before {begun.isoformat()}, when the figures of '{operation}' begin{named}",
        "Correct the date"
        + (f"; only {_some(BEFORE_THE_COUNT)} may lie before." if column == "when" else "."),
        "before_the_count" if column == "when" else "limit_before_the_count",
        begun=begun,
    )


def _observation(entry: Entry, held_: Known) -> Iterator[BadCell]:
    key = entry.cells["about_observation"]
    if not key:
        return
    if key not in held_.observations:
        yield _bad(
            entry.line,
            "about_observation",
            key,
            "the id of a value that is held",
            "Correct the id: indicator, period and vintage, such as hti-idp-r16-first.",
            "observation",
        )
        return
    operation, indicator = held_.observations[key]
    scope = _keys(entry.cells["indicators"])
    own = operation == entry.cells["operation"]
    if entry.cells["kind"] in WITHDRAWN and not (own and (not scope or indicator in scope)):
        yield _bad(
            entry.line,
            "about_observation",
            key,
            "a value of this operation and of the indicators of the entry",
            f"It is of '{indicator}' of '{operation}': name the value that was corrected or withdrawn.",
            "observation_of_other",
            indicator=indicator,
            operation=operation,
        )


def _value(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None  # said of the cell itself


def _effects(entry: Entry, held_: Known) -> Iterator[BadCell]:
    """Each effect is on an indicator that the entry is about."""
    operation = entry.cells["operation"]
    own = {key for key, (of, _) in held_.indicators.items() if of == operation}
    scope = set(_keys(entry.cells["indicators"])) or own
    for line, cells in entry.effects:
        indicator = cells["indicator"]
        if not indicator:
            continue
        if indicator not in own:
            said = _not_of(indicator, operation, own, held_)
            yield _bad(line, f"{EFFECT}indicator", indicator, *said, "indicator")
        elif indicator not in scope:
            yield _bad(
                line,
                f"{EFFECT}indicator",
                indicator,
                f"one of the entry's indicators: {_some(scope)}",
                "Add it to 'indicators', or correct it.",
                "effect_beside",
            )
        sign = SIGN.get(entry.cells["kind"])
        if sign is not None and (_value(cells["value"]) or 0) * sign < 0:
            kind, way = (
                entry.cells["kind"],
                "a fall: a negative number" if sign < 0 else "a rise: a positive number",
            )
            yield _bad(
                line,
                f"{EFFECT}value",
                cells["value"],
                f"of a {kind}, {way}",
                "Correct the sign or the kind.",
                "fall" if sign < 0 else "rise",
            )


def _details_source(entry: Entry, held_: Known, described: Collection[str]) -> Iterator[BadCell]:
    key = entry.cells.get("details_source", "")
    if key and key not in held_.sources and key not in described:
        yield _bad(
            entry.line, "details_source", key, "the key of a source that is held or described in the file",
            "Correct the key, or leave the cell empty where the source of the entry says it.", "details_source",
        )  # fmt: skip


def _source(entry: Entry, held_: Known, described: Collection[str]) -> Iterator[BadCell]:
    key = entry.cells["source"]
    if key and key not in held_.sources and key not in described:
        yield _bad(
            entry.line,
            "source",
            key,
            "the key of a source that is held, or a new one with its description",
            "Correct the key, or fill source_title, source_publisher, source_licence and source_read_as_en.",
            "source",
        )
    if not entry.source or key not in held_.sources:
        return
    line, cells = entry.source
    for name, said in held_.sources[key].items():
        if name != "key" and cells[name] and cells[name] != said:
            yield _bad(
                line,
                f"{SOURCE}{name}",
                cells[name],
                f"what is held of the source '{key}': {said!r}",
                "Empty the cells of a source that is held, or give another source a key of its own.",
                "source_held",
                source=key,
                said=said,
            )


def _languages(entry: Entry, what: Entries) -> Iterator[BadCell]:
    """English is what is shown where there is no translation: French alone would show nothing."""
    for line, column, text in entry.texts(what.table):
        if column.endswith("_fr") and text:
            english = f"{column.removesuffix('_fr')}_en"
            beside = {name: said for at, name, said in entry.texts(what.table) if at == line}
            required = {c.name for c in what.table.columns if c.required}
            if not beside.get(english) and english not in required:
                fix = f"Fill it, or empty '{column}'."
                yield _bad(line, english, "", "the English of this text", fix, "english")


def _formulas(entry: Entry, what: Entries) -> Iterator[BadCell]:
    for line, column, text in entry.texts(what.table):
        if text.startswith(RISKY):
            yield _bad(
                line,
                column,
                text,
                f"a text that does not begin with {text[0]!r}: a spreadsheet would run it",
                "Begin with a word.",
                "formula",
                sign=text[0],
            )


Graph = Mapping[str, tuple[str, Mapping[str, str]]]  # key -> operation, and its links by column


def _links(draft: Draft, held_: Known) -> Graph:
    """Which entry comes after and criticises which, as it would be with the file taken in."""
    if draft.what is not Entries.EVENTS:
        return {}
    cells = {**held_.entries, **{entry.key: entry.cells for entry in draft.entries if entry.key}}
    return {key: (c["operation"], {name: c[name] for name in LINKS if c[name]}) for key, c in cells.items()}


def _linked(entry: Entry, graph: Graph) -> Iterator[BadCell]:
    for column in LINKS:
        target = entry.cells[column]
        if not target:
            continue
        if target not in graph:
            yield _bad(
                entry.line,
                column,
                target,
                "the key of an entry that is held or in this file",
                "Correct the key, or add that entry.",
                "link",
            )
        elif graph[target][0] != entry.cells["operation"]:
            yield _bad(
                entry.line,
                column,
                target,
                f"an entry of '{entry.cells['operation']}'",
                f"It is of '{graph[target][0]}': correct the key.",
                "link_of_other",
                operation=graph[target][0],
            )
        elif way := _way(target, entry.key, graph):
            yield _bad(
                entry.line,
                column,
                target,
                "an entry that does not in its turn follow or answer this one",
                f"They go in a circle ({' → '.join([entry.key, *way])}): empty one of the links.",
                "circle",
                way=" → ".join([entry.key, *way]),
            )


def _way(start: str, end: str, graph: Graph) -> Sequence[str]:
    """The keys from `start` to `end` along the links, () where there is no way."""
    came: dict[str, str] = {start: ""}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here == end:
            way = [here]
            while came[way[-1]]:
                way.append(came[way[-1]])
            return way[::-1]
        for target in graph.get(here, ("", {}))[1].values():
            if target not in came:
                came[target] = here
                waiting.append(target)
    return ()
