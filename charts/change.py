"""A change between two rounds, as a page and a file show it: its parts in words, with everything to read with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd
from babel.numbers import format_decimal

from charts.wording import credit
from data.codes import State
from data.comparability import Comparable, Verdict
from data.dates import Grain
from data.disagreements import Disagreement
from data.errors import ProvenanceMissing
from data.model import Caveat, Event, Note, Provenance, Series, public_on, unite
from data.parts import MOVED, Basis, Change, Grade, LikeForLike, Part, PartKind, Side
from data.split import between
from words import Words
from words.format import day, number, percent, span
from words.notes import TOUCH_THE_COUNT, notes_of

LABELS: Mapping[PartKind, str] = {
    PartKind.CORRECTION: "changepart.correction", PartKind.METHOD: "changepart.method",
    PartKind.BOUNDARY: "changepart.boundary", PartKind.IDENTITY_UNSURE: "changepart.identity_unsure",
    PartKind.COVERAGE_LOST: "changepart.coverage_lost", PartKind.COVERAGE_GAINED: "changepart.coverage_gained",
    PartKind.DELISTED: "changepart.delisted", PartKind.RELISTED: "changepart.relisted",
    PartKind.CLOSED: "changepart.closed", PartKind.NEW: "changepart.new",
    PartKind.CONTINUING: "changepart.continuing", PartKind.RESIDUAL: "changepart.residual",
    PartKind.NOT_EXPLAINED: "changepart.not_explained",
}  # fmt: skip
CLOSED: Mapping[str, str] = {  # the published reason of a closure
    "return": "changepart.closed_return", "eviction": "changepart.closed_eviction",
    "grant": "changepart.closed_grant", "formalised": "changepart.closed_formalised",
    "merged": "changepart.closed_merged", "unknown": "changepart.closed_unknown", "": "changepart.closed",
}  # fmt: skip
NET: Mapping[str, tuple[str, str, str]] = {  # by whether other parts stand beside it: fall, none, rise
    "beside": ("changepart.residual_fall", "changepart.residual_none", "changepart.residual_rise"),
    "alone": (
        "changepart.residual_alone_fall", "changepart.residual_alone_none", "changepart.residual_alone_rise",
    ),
}  # fmt: skip
GRADES: Mapping[Grade, str] = {
    Grade.BY_SITE: "change.evidence_by_site", Grade.BY_AREA: "change.evidence_by_area",
    Grade.BY_EFFECT: "change.evidence_by_effect", Grade.RESIDUAL: "change.evidence_residual",
}  # fmt: skip
BASES: Mapping[Basis, tuple[str, str]] = {  # its name, and how it is made
    Basis.SAME_SITES: ("change.basis_same_sites", "change.basis_same_sites_how"),
    Basis.OLD_LIST: ("change.basis_old_list", "change.basis_old_list_how"),
    Basis.LEFT_OUT: ("change.basis_left_out", "change.basis_left_out_how"),
}
VERDICTS: Mapping[Comparable, str] = {
    Comparable.YES: "change.verdict_yes", Comparable.WITH_CARE: "change.verdict_care",
    Comparable.NO: "change.verdict_no", Comparable.UNKNOWN: "change.verdict_unknown",
}  # fmt: skip
CHECKS: Mapping[str, str] = {
    key: f"change.check_{key}"
    for key in (
        "same", "value", "operation", "unit", "population", "setting", "place", "who", "measure", "method",
        "definition", "list", "coverage", "unexplained_break", "break", "limit", "visited", "boundary", "interval",
        "season", "assessment", "correction", "precision", "independence", "parts",
    )
}  # fmt: skip
FOUND: Mapping[Comparable, str] = {
    Comparable.YES: "change.found_yes", Comparable.WITH_CARE: "change.found_care",
    Comparable.NO: "change.found_no", Comparable.UNKNOWN: "change.found_unknown",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class ChangeChart:
    """The picture of a change; implements `Shown`.

    `households` is the same change in households, where it was published; `names` are the names of the sites
    that only an event names, by key.
    """

    change: Change
    words: Words
    households: Change | None = None
    verdict: Verdict | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def series(self) -> Series:
        """What it is a change of."""
        return self.change.series

    @cached_property
    def provenance(self) -> Provenance:
        """What the change, the same in households and the verdict rest on."""
        beside = [part.provenance for part in (self.households, self.verdict) if part is not None]
        return unite([self.change.provenance, *beside])

    @property
    def found(self) -> Comparable:
        """Whether the two can be compared: not where the parts of the change say that they cannot."""
        if not self.change.comparable:
            return Comparable.NO
        return Comparable.UNKNOWN if self.verdict is None else self.verdict.found

    # Words of its parts

    def signed(self, amount: float) -> str:
        """An amount with its sign; 0 has none."""
        return number(amount, self.words.language, signed=True)

    def plain(self, amount: float) -> str:
        """An amount without its sign."""
        return number(abs(amount), self.words.language)

    def amount(self, part: Part | None) -> str:
        """The amount of a part, or that it is not known, or that no such part was published."""
        if part is None:
            return self.words("change.not_found")
        return self.words("change.not_known") if part.amount is None else self.signed(part.amount)

    def label(self, part: Part) -> str:
        """What a part is, in words."""
        w = self.words
        if part.kind is PartKind.CLOSED:
            known = CLOSED.get(part.reason)
            return w(known) if known else w("changepart.closed_other", reason=part.reason)
        if part.kind is PartKind.RESIDUAL and part.amount is not None:
            keys = NET["beside" if len(self.change.parts) > 1 else "alone"]
            return w(keys[(part.amount >= 0) + (part.amount > 0)])
        if part.kind is PartKind.NOT_EXPLAINED and self.limits():  # then something was published about it
            return w("changepart.not_explained_limit")
        return w(LABELS[part.kind])

    def evidence(self, part: Part) -> str:
        """What the amount of a part rests on."""
        return self.words("change.evidence_unknown" if part.amount is None else GRADES[part.grade])

    def same_part(self, part: Part) -> Part | None:
        """The same part in households."""
        found = [] if self.households is None else self.households.of(part.kind)
        return next((p for p in found if (p.kind, p.reason) == (part.kind, part.reason)), None)

    def same_amount(self, part: Part) -> str:
        """The amount of the same part in households; where they have none, their sites are in another part."""
        same = self.same_part(part)
        if same is None and part.kind is PartKind.CORRECTION and self.households is not None:
            return "0"  # each count is corrected by itself
        gone_through = self.households is not None and not self.households.of(PartKind.RESIDUAL)
        return self.words("change.elsewhere") if same is None and gone_through else self.amount(same)

    def alone(self) -> list[Part]:
        """The parts in households that have no counterpart in people, such as a correction of households alone."""
        mine = {(part.kind, part.reason) for part in self.change.parts}
        found = () if self.households is None else self.households.parts
        return [part for part in found if (part.kind, part.reason) not in mine]

    def absent(self) -> list[str]:
        """The kinds of parts that nothing was published of: with a residual they may be inside it."""
        held = {part.kind for part in self.change.parts}
        if PartKind.RESIDUAL not in held:
            return []
        silent = {PartKind.NOT_EXPLAINED, PartKind.IDENTITY_UNSURE}
        return [self.words(LABELS[kind]) for kind in PartKind if kind not in held | silent]

    def state(self, state: State | None) -> str:
        """A state of a site in words; None: it was not on the list."""
        return self.words("change.state_none") if state is None else self.words(f"state.{state}")

    def ratio(self, value: float) -> str:
        """A ratio with two decimals."""
        return str(format_decimal(value, format="#,##0.00", locale=self.words.language))

    def counted(self, value: float | None) -> str:
        """A count of a site; None is not 0."""
        return self.words("change.not_counted") if value is None else number(value, self.words.language)

    def limits(self) -> list[Caveat]:
        """The limits that hold for one of the two dates alone, as known then: one may explain the rest."""
        sides = [side.period for side in (self.change.first, self.change.second)]
        return [
            caveat
            for caveat in self.provenance.caveats
            if caveat.period is not None
            and len({caveat.period.touches(side.first, side.last) for side in sides}) > 1
            and public_on(caveat, self.series.as_known_on)
        ]

    # Dates and rates

    def when(self, side: Side) -> str:
        """The date of a side, with its round where it has one."""
        said = span(side.period, self.words)
        return said if side.round is None else self.words("change.side", when=said, number=side.round)

    def on(self, side: Side) -> str:
        """The last day of a side as a sentence says it, or its month or year."""
        if side.period.grain in (Grain.MONTH, Grain.YEAR):
            return span(side.period, self.words)
        return self.words("change.on_day", day=day(side.period.last, self.words.language))

    def rate(self, value: float) -> str:
        """A signed percentage."""
        return percent(value, self.words.language, signed=True)

    def published(self) -> str:
        """The percentage of the values as first published; '' where the earlier is 0."""
        before = self.change.first.first_published
        return self.rate(100 * self.change.amount / before) if before else ""

    def why_not(self) -> str:
        """Why the published values can or cannot be compared."""
        if self.change.comparable:
            return self.words("change.published_fine")
        broken = any(p.kind not in MOVED and p.amount != 0 for p in self.change.parts)
        return self.words("change.published_broken" if broken else "change.published_unknown")

    def assumption(self, basis: LikeForLike) -> str:
        """The arithmetic of a basis and what it assumes."""
        w, change, language = self.words, self.change, self.words.language
        before, after = number(basis.before, language), number(basis.after, language)
        rate = self.rate(basis.percent)
        if basis.basis is Basis.SAME_SITES:
            sites = number(sum(len(p.rows) for p in change.of(PartKind.CONTINUING)), language)
            return w("change.assume_same_sites", percent=rate, before=before, after=after, sites=sites)
        if basis.basis is Basis.OLD_LIST:
            off, value = self.plain(basis.after - change.second.value), self.plain(change.second.value)
            return w("change.assume_old_list", percent=rate, after=after, value=value, off=off)
        off, value = self.plain(change.first.value - basis.before), self.plain(change.first.value)
        return w("change.assume_left_out", percent=rate, before=before, value=value, off=off)

    # Title and sentences

    def kicker(self) -> str:
        """Stock, and in which unit."""
        return self.words("change.kicker", unit=self.words(f"unit.{self.change.unit}"))

    def title(self) -> str:
        """What happened, with the part that must not be overlooked."""
        w, change = self.words, self.change
        gone = [p for p in change.of(PartKind.DELISTED) if p.amount != 0]
        fall = change.amount < 0
        if change.of(PartKind.CORRECTION):
            return self._title_corrected()
        if any(p.amount is None for p in gone):
            key = "change.title_list_unknown_fall" if fall else "change.title_list_unknown_rise"
            return w(key, amount=self.plain(change.amount))
        if gone:
            return self._title_off(-sum(p.amount or 0 for p in gone))
        if not change.amount:
            return w("change.title_same", before=self.plain(change.first.first_published))
        loud = [p for p in change.parts if p.kind not in MOVED and (p.amount or 0) * change.amount > 0]
        if loud:
            most = max(loud, key=lambda p: abs(p.amount or 0))
            key = "change.title_part_fall" if fall else "change.title_part_rise"
            return w(key, amount=self.plain(change.amount), part=self.label(most), of_it=self.amount(most))
        return w(
            "change.title_fall" if fall else "change.title_rise",
            amount=self.plain(change.amount),
            before=self.plain(change.first.first_published),
            after=self.plain(change.second.first_published),
        )

    def _title_corrected(self) -> str:
        """The title where a value was mended later: what was published first, and what stands."""
        w, change = self.words, self.change
        stands = change.second.value - change.first.value
        key = "change.title_corrected_fall" if stands < 0 else "change.title_corrected_rise"
        return w(
            key if stands else "change.title_corrected_same",
            first=self.signed(change.amount),
            now=self.plain(stands),
        )

    def _title_off(self, off: float) -> str:
        """The title where what was taken off the list is known."""
        w, amount = self.words, self.change.amount
        if not amount:
            return w("change.title_list_same", off=self.plain(off))
        key = "change.title_list_rise" if amount > 0 else "change.title_list_fall"
        if amount < 0 and off > -amount:
            key = "change.title_list_more"
        return w(key, amount=self.plain(amount), off=self.plain(off))

    def unit_line(self) -> str:
        """What is counted, where, between which dates, by which operation."""
        w, operation = self.words, self.provenance.operations[0]
        parts = {
            "subject": self.subject(), "first": self.when(self.change.first), "second": self.when(self.change.second),
            "producer": operation.producer, "operation": operation.title.to(w.language),
        }  # fmt: skip
        if self.change.area:
            return w("change.unit_line_area", area=self.change.area_name, **parts)
        return w("change.unit_line", **parts)

    def subject(self) -> str:
        """What is counted, with its place where the words do not say it."""
        w = self.words
        said, place = self.series.label.to(w.language), self.series.place.to(w.language)
        return said if place in said else w("trend.placed", subject=said, place=place)

    def description(self) -> str:
        """The picture in words, for who does not see it."""
        w, change = self.words, self.change
        told = [w("change.describe_part", label=self.label(p), amount=self.amount(p)) for p in change.parts]
        return w(
            "change.describe",
            before=self.plain(change.first.first_published), first=self.on(change.first),
            parts=w("note.separator").join(told),
            after=self.plain(change.second.first_published), second=self.on(change.second),
        )  # fmt: skip

    def sentence(self) -> str:
        """The change, its parts, and what can be compared, in sentences that stand alone."""
        w, change = self.words, self.change
        key = "change.sentence_same"
        if change.amount:
            key = "change.sentence_fall" if change.amount < 0 else "change.sentence_rise"
        subject = self.subject()
        if change.area:
            subject = w("change.placed", subject=subject, area=change.area_name)
        known = self.series.as_known_on
        said = [
            w(
                key, first=self.on(change.first), second=self.on(change.second), subject=subject,
                amount=self.plain(change.amount), unit=w(f"unit.{change.unit}"),
                before=self.plain(change.first.first_published), after=self.plain(change.second.first_published),
                known="" if known is None else w("change.sentence_known", day=day(known, w.language)),
            ),
            *([self._title_corrected() + "."] if change.of(PartKind.CORRECTION) else []),
            w("change.sentence_parts", list=w("note.separator").join(self._listed())),
        ]  # fmt: skip
        if not change.comparable:
            said.append(w("change.sentence_no_percent"))
        elif self.published():
            said.append(w("change.sentence_percent", percent=self.published()))
        like = self.like("change.sentence_like_one", "change.sentence_like_two", "change.sentence_like_three")
        return " ".join(part for part in (*said, like, credit(self.series, w)) if part)

    def _listed(self) -> list[str]:
        told = []
        for part in self.change.parts:
            label = self.label(part)
            if part.kind is PartKind.RESIDUAL:
                label = f"{label} ({self.evidence(part)})"
            told.append(self.words("change.sentence_part", label=label, amount=self.amount(part)))
        return told

    def like(self, *keys: str, bare: bool = False, **more: str) -> str:
        """The like-for-like rates in a sentence, which is the one for their number; '' where there are none."""
        bases = self.change.bases
        if not bases:
            return ""
        said = [
            self.rate(b.percent)
            if bare
            else self.words(
                "change.like_item", percent=self.rate(b.percent), basis=self.words(BASES[b.basis][0])
            )
            for b in bases
        ]
        return self.words(keys[len(said) - 1], **dict(zip("abc", said, strict=False)), **more)

    # What must be read with it

    @cached_property
    def told(self) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
        """The notes that belong to the change (events between its dates, then what always holds), and the others."""
        inside = {e.key for e in self.provenance.events if self._between(e)}
        here, elsewhere = self._notes(inside), self._notes({e.key for e in self.provenance.events} - inside)
        caveats = {c.key for c in self.provenance.caveats}
        return here, tuple(replace(n, mark="–") for n in elsewhere if n.key not in caveats)

    def _notes(self, keys: set[str]) -> tuple[Note, ...]:
        events = tuple(e for e in self.provenance.events if e.key in keys)
        return notes_of(replace(self.provenance, events=events), self.words, known=self.series.as_known_on)

    def _between(self, event: Event) -> bool:
        """Whether an event lies between the dates, is about one of its values, or follows or answers one that does."""
        mine = {e.key for part in self.change.parts for e in part.events}
        mine |= {e.key for e in self.provenance.events if between(e, self.change.first, self.change.second)}
        if event.key in mine:
            return True
        return event.kind not in TOUCH_THE_COUNT and (event.follows in mine or event.answers in mine)

    def notes(self) -> tuple[Note, ...]:
        """Everything that must be read with the change."""
        here, elsewhere = self.told
        return here + elsewhere

    def marks(self, part: Part) -> list[str]:
        """The numbers of the notes on the events of a part."""
        numbers = {n.key: n.mark for n in self.told[0]}
        return [numbers[e.key] for e in part.events if numbers.get(e.key, "–").isdigit()]

    def table(self) -> pd.DataFrame:
        """The parts as rows, and their sum."""
        w = self.words
        heads = [
            w("change.part"),
            w("change.head_unit", unit=w(f"unit.{self.change.unit}")),
            w("change.col_evidence"),
        ]
        rows = [[self.label(p), self.amount(p), self.evidence(p)] for p in self.change.parts]
        rows.append([w("change.sum"), self.signed(self.change.amount), w("change.sum_exact")])
        return pd.DataFrame(rows, columns=heads)


def checked(chart: ChangeChart) -> ChangeChart:
    """`chart`, if it brings its notes.

    Raises
    ------
    ProvenanceMissing
        If it does not: a picture without them is not shown.
    """
    if not chart.notes():
        raise ProvenanceMissing(
            "A change that brings no notes is not shown: its provenance was lost on the way."
        )
    return chart


def old_list(change: Change) -> LikeForLike | None:
    """The later count on the old list, which is drawn as a hollow ring."""
    return next((b for b in change.bases if b.basis is Basis.OLD_LIST), None)
