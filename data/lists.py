"""A count through time on one list of sites: what was taken off is kept, left out, or only the same sites are taken.

Only for counts that are published by site and round. Every line says its assumption; a site whose last count is not
known is named and not added: it is never a zero.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache

import pandas as pd

from data import queries
from data.codes import EventKind, Measure, ObsStatus, Precision, RowKind, State
from data.list_sites import Site, any_same, by_site, same_sites, sites_of_events, taken_off
from data.model import VALUE_COLUMNS, Event, Provenance, Row, Series, Source, Text, records, unite
from data.parts import Basis
from data.queries import Catalogue, Indicator
from data.series import breaks_by_row, with_formula
from data.store import Release

NAMED = 12  # so many sites are named in a note and written out in a sum; of more, the sum alone
OLD_LIST = Text(
    "Old list kept: the total of each round plus the last count of every site that is off the list in that round. "
    "It assumes that these sites did not change since they were last counted. A site that is on the list again "
    "counts as itself again.",
    (("fr", "Ancienne liste conservée : le total de chaque cycle plus le dernier comptage de chaque site qui n’est pas "
            "sur la liste dans ce cycle. L’hypothèse est que ces sites n’ont pas changé depuis leur dernier comptage. "
            "Un site de nouveau sur la liste compte de nouveau pour lui-même."),),
)  # fmt: skip
LEFT_OUT = Text(
    "Taken off left out: the total of each round less the counts of every site that was ever taken off the list, also "
    "where it was on the list. It assumes nothing of these sites, and says nothing of the people in them.",
    (("fr", "Retirés exclus : le total de chaque cycle moins les comptages de chaque site retiré un jour de la liste, "
            "même quand il y était. Rien n’est supposé de ces sites, et rien n’est dit de leurs habitants."),),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OneList(Series):
    """A series on one list of sites; every row of it is derived."""

    basis: Basis
    sites: int  # that were taken off the list, or of SAME_SITES those that are summed
    not_known: tuple[str, ...]  # names of sites whose last count is not known: they are not added
    cut_by: tuple[Event, ...]  # the breaks that one list does not resolve


@lru_cache(maxsize=128)  # a release never changes: the same question has the same answer
def on_one_list(
    release: Release, indicator: str, basis: Basis, as_known_on: date | None = None
) -> OneList | None:
    """A count by round on one list of sites.

    Parameters
    ----------
    release : Release
        Where the values are taken from.
    indicator : str
        Key of an indicator.
    basis : Basis
        What is done with the sites that were taken off the list.
    as_known_on : date, optional
        Only what was public by that day.

    Returns
    -------
    OneList or None
        One row a round that has a value; rounds that were withdrawn have none. The provenance is that of the series
        with the formula and its assumption added. None where no counts by site and round are held, where no site was
        taken off the list by then, or where no site was counted in every round.

    Raises
    ------
    Unknown
        If the release holds no such indicator.
    """
    series = queries.series(release, indicator, as_known_on)
    held = queries.catalogue(release)
    about = held.indicators[indicator]
    totals = _totals(series)
    if about.measure is Measure.FLOW or totals.empty or not by_site(release, about.operation, indicator):
        return None
    if basis is Basis.SAME_SITES:
        return _same_sites(release, held, about, series, totals)
    sites = taken_off(release, indicator, as_known_on)
    if not sites:
        return None
    make = old_list if basis is Basis.OLD_LIST else left_out
    rows, unknown = make(totals, sites)
    keys = [str(row["source"]) for site in sites for row in site.rows]
    formula = OLD_LIST if basis is Basis.OLD_LIST else LEFT_OUT
    provenance = with_formula(_citing(series.provenance, _sources(held, keys)), formula)
    if unknown:
        provenance = with_formula(provenance, _not_known(unknown))
    return _line(
        series,
        rows,
        basis=basis,
        provenance=provenance,
        sites=len(sites),
        not_known=tuple(site.name for site in unknown),
        cut_by=_cuts(
            series.provenance,
            basis,
            {site.key for site in sites if site not in unknown},
            sites_of_events(release, about.operation),
        ),
    )


@lru_cache(maxsize=256)  # as on_one_list
def offered(release: Release, indicator: str, as_known_on: date | None = None) -> tuple[Basis, ...]:
    """The bases on which a count can be drawn, in the order of a control; () where it is not published by site.

    Raises
    ------
    Unknown
        If the release holds no such indicator.
    """
    series = queries.series(release, indicator, as_known_on)
    about, totals = queries.catalogue(release).indicators[indicator], _totals(series)
    if about.measure is Measure.FLOW or totals.empty:
        return ()
    off = taken_off(release, indicator, as_known_on)
    same = any_same(release, about, _numbers(totals), as_known_on)
    return (*((Basis.OLD_LIST, Basis.LEFT_OUT) if off else ()), *((Basis.SAME_SITES,) if same else ()))


def cuts_by_row(line: OneList) -> dict[int, list[Event]]:
    """The breaks that still divide a line, by the row of the first value after them."""
    found = {at: [e for e in events if e in line.cut_by] for at, events in breaks_by_row(line).items()}
    return {at: events for at, events in found.items() if events}


def old_list(totals: pd.DataFrame, sites: Sequence[Site]) -> tuple[list[Row], list[Site]]:
    """The total of each round plus the last counts of the sites that are off the list.

    Parameters
    ----------
    totals : pd.DataFrame
        Rows of a series, each with a value and a round.
    sites : sequence of Site
        Those that were ever taken off the list.

    Returns
    -------
    tuple
        The derived rows, and the sites whose last count is not known: those are not added.
    """
    rows, nobody = [], dict[Site, None]()
    for _, total in records(totals):
        number = int(total["round"])
        off = [(site, said) for site in sites if (said := site.off(number)) is not None]
        counted = _largest((site, last) for site, _ in off if (last := site.last_count(number)) is not None)
        unknown = [site for site, _ in off if site.last_count(number) is None]
        nobody |= dict.fromkeys(unknown)
        since = _named(f"{s.name}, {r['last'].date()} ({r['value']:.0f})" for s, r in counted)
        note = Text("Old list kept.", (("fr", "Ancienne liste conservée."),))
        if counted:
            note = _joined(note, f"Not counted since: {since}.", f"Plus de comptage depuis : {since}.")
        because = [said for _, said in off]
        rows.append(_derived(total, counted, "+", because, note, unknown))
    return rows, list(nobody)


def left_out(totals: pd.DataFrame, sites: Sequence[Site]) -> tuple[list[Row], list[Site]]:
    """The total of each round less the counts of the sites that were ever taken off the list.

    Parameters
    ----------
    totals, sites
        As in `old_list`.

    Returns
    -------
    tuple
        The derived rows, and the sites that could not be taken out: said to be counted, without a known count.
    """
    rows, nobody = [], dict[Site, None]()
    because = [row for site in sites for row in site.rows if row["state"] == State.DELISTED]
    for _, total in records(totals):
        number = int(total["round"])
        counted = _largest((site, row) for site in sites if (row := site.count(number)) is not None)
        unknown = [site for site in sites if site.count(number) is None and site.said_counted(number)]
        nobody |= dict.fromkeys(unknown)
        less = _named(f"{site.name} ({row['value']:.0f})" for site, row in counted)
        note = Text("Taken off the list, left out.", (("fr", "Retirés de la liste, exclus."),))
        if counted:
            note = _joined(note, f"Less: {less}.", f"Moins : {less}.")
        rows.append(_derived(total, counted, "-", because, note, unknown))
    return rows, list(nobody)


def _same_sites(
    release: Release, held: Catalogue, about: Indicator, series: Series, totals: pd.DataFrame
) -> OneList | None:
    """The sum over the sites that have a value in every round of a series."""
    numbers = _numbers(totals)
    sums = same_sites(release, about, numbers, series.as_known_on)
    if sums.empty:
        return None
    by_round = {int(row["round"]): row for _, row in records(sums)}
    count, known = int(sums["sites"].iloc[0]), sums["known_by"].max()
    note = Text(f"Same sites: {count}.", (("fr", f"Mêmes sites : {count}."),))
    rows = [
        _as_derived(total, note) | {
            "value": float(of_round["value"]), "lower": float("nan"), "upper": float("nan"),
            "precision": (Precision.EXACT if of_round["exact"] else Precision.ABOUT).value,
            "state": _state(float(of_round["value"])), "derivation": f"Σ (n = {count})",
            "known_by": known,  # which sites they are is known with the last round alone
            "rows": tuple(of_round["ids"]),
        }
        for _, total in records(totals)
        if (of_round := by_round[int(total["round"])]) is not None
    ]  # fmt: skip
    keys = [key for found in sums["sources"] for key in found]
    return _line(
        series,
        rows,
        basis=Basis.SAME_SITES,
        provenance=with_formula(
            _citing(series.provenance, _sources(held, keys)), _same_formula(count, numbers[0], numbers[-1])
        ),
        sites=count,
        not_known=(),
        cut_by=_cuts(series.provenance, Basis.SAME_SITES, frozenset(), {}),
    )


def _same_formula(count: int, first: int, last: int) -> Text:
    return Text(
        f"Same sites: the sum over the {count} sites that have a published count in every round from {first} to "
        f"{last}; rounds without a total are left out. It is no total: sites that opened, closed, were taken off the "
        "list or were missed in any round are not in it. It assumes that an entry of the list stays one site: those "
        "that took others in or gave some up are in it as they were entered.",
        (("fr", f"Mêmes sites : la somme des {count} sites qui ont un comptage publié dans chaque cycle de {first} à "
                f"{last} ; les cycles sans total sont exclus. Ce n’est pas un total : les sites ouverts, fermés, "
                "retirés de la liste ou manqués dans un cycle n’y sont pas. L’hypothèse est qu’une entrée de la liste "
                "reste un seul site : ceux qui en ont absorbé d’autres ou qui ont été divisés y sont tels "
                "qu’inscrits."),),
    )  # fmt: skip


def _not_known(sites: Iterable[Site]) -> Text:
    said = _named(site.name for site in sites)
    return Text(
        f"Amount not known, and not in the sum: {said}.",
        (("fr", f"Nombre non connu, et hors de la somme : {said}."),),
    )


def _named(texts: Iterable[str]) -> str:
    """Names in one line; of very many only the first."""
    every = list(texts)
    more = f"; … (+{len(every) - NAMED})" if len(every) > NAMED else ""
    return "; ".join(every[:NAMED]) + more


def _joined(said: Text, english: str, french: str) -> Text:
    return Text(f"{said.en} {english}", (("fr", f"{said.to('fr')} {french}"),))


def _largest(counted: Iterable[tuple[Site, Row]]) -> list[tuple[Site, Row]]:
    return sorted(counted, key=lambda pair: (-float(pair[1]["value"]), pair[0].name))


def _derived(
    total: Row,
    counted: Sequence[tuple[Site, Row]],
    sign: str,
    because: Sequence[Row],
    note: Text,
    unknown: Sequence[Site],
) -> Row:
    """A total with counts of sites added ("+") or taken out ("-"), as known since the rows `because` of which it is."""
    if unknown:
        missing = _not_known(unknown)
        note = _joined(note, missing.en, missing.to("fr"))
    amounts = [float(row["value"]) for _, row in counted]
    change = sum(amounts) if sign == "+" else -sum(amounts)
    value = float(total["value"]) + change
    written = amounts if len(amounts) <= NAMED else [sum(amounts)]
    exact = all(row["precision"] == Precision.EXACT for _, row in counted)
    days = [
        total["known_by"],
        *(row["known_by"] for _, row in counted),
        *(row["known_by"] for row in because),
    ]
    return _as_derived(total, note) | {
        "value": value,
        "lower": float(total["lower"]) + change if exact else float("nan"),
        "upper": float(total["upper"]) + change if exact else float("nan"),
        "precision": _precision(
            Precision(total["precision"]), sign, exact=exact, missing=bool(unknown)
        ).value,
        "state": _state(value),
        "derivation": f" {sign} ".join([f"{float(total['value']):.0f}", *(f"{a:.0f}" for a in written)]),
        "known_by": max(day for day in days if not pd.isna(day)),
        "rows": (str(total["obs"]), *(str(row["id"]) for _, row in counted)),
    }


def _as_derived(total: Row, note: Text) -> dict[str, object]:
    """What every derived row says of itself; period and source are those of the total."""
    return {
        **{name: total[name] for name in VALUE_COLUMNS},
        "obs": "",
        "obs_status": ObsStatus.NORMAL.value,
        "vintage": "derived",
        "kind": RowKind.DERIVED.value,
        "note": note.en,
        "note_fr": note.to("fr"),
    }


def _precision(total: Precision, sign: str, *, exact: bool, missing: bool) -> Precision:
    """How exactly a sum can be said: one that lacks a part is a bound, and one with a rounded part is about right."""
    if not exact:
        return Precision.ABOUT
    if not missing:
        return total
    bound = Precision.AT_LEAST if sign == "+" else Precision.AT_MOST
    return bound if total in (Precision.EXACT, bound) else Precision.ABOUT


def _state(value: float) -> str:
    return (State.COUNTED if value else State.COUNTED_ZERO).value


def _cuts(
    provenance: Provenance,
    basis: Basis,
    resolved: Collection[str],
    of_events: Mapping[str, Sequence[str]],
) -> tuple[Event, ...]:
    """The breaks that one list does not resolve: all but those of the list whose every site is accounted for."""

    def stays(event: Event) -> bool:
        if event.kind not in (EventKind.DELISTING, EventKind.RELISTING):
            return True
        if basis is Basis.SAME_SITES:
            return False  # a site that was off the list was not counted in every round
        named = set(event.sites or of_events.get(event.key, ()))
        return not named or not named.issubset(resolved)

    return tuple(event for event in provenance.breaks() if stays(event))


def _line(
    series: Series,
    rows: Sequence[Row],
    *,
    basis: Basis,
    provenance: Provenance,
    sites: int,
    not_known: tuple[str, ...],
    cut_by: tuple[Event, ...],
) -> OneList:
    values = pd.DataFrame(list(rows), columns=list(VALUE_COLUMNS)).astype(
        {"round": "Int64", "value": "float64", "lower": "float64", "upper": "float64"}
    )
    as_it_is = {field.name: getattr(series, field.name) for field in fields(series)}
    changed = {"values": values, "history": values, "provenance": provenance}
    return OneList(**(as_it_is | changed), basis=basis, sites=sites, not_known=not_known, cut_by=cut_by)


def _totals(series: Series) -> pd.DataFrame:
    """The rounds of a series that have a value: one that was withdrawn has none."""
    values = series.values
    return values[values["value"].notna() & values["round"].notna()]


def _numbers(totals: pd.DataFrame) -> list[int]:
    return sorted({int(number) for number in totals["round"]})


def _sources(held: Catalogue, keys: Iterable[str]) -> tuple[Source, ...]:
    return tuple(held.sources[key] for key in dict.fromkeys(keys))


def _citing(provenance: Provenance, sources: tuple[Source, ...]) -> Provenance:
    """`provenance` with the sources of the counts by site, which may be others than those of the totals."""
    if not sources:
        return provenance
    return unite(
        [
            provenance,
            Provenance(
                operations=provenance.operations, sources=sources, methods=provenance.methods,
                caveats=provenance.caveats, events=provenance.events, coverage=provenance.coverage,
            ),
        ]
    )  # fmt: skip
