"""Border posts in a month: entries and exits side by side, and the days on which somebody counted.

A crossing is a movement and not a person: who crosses twice is counted twice. Entries minus exits is no number of
people who stayed, and is never computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from data import queries
from data.codes import Precision, State, Unit
from data.dates import DateSpan
from data.effort import asked, held_by
from data.errors import Unknown
from data.model import Snapshot, Text, records
from data.placed import PERIODS_PUBLIC, days_in, month_of, provenance_of, spot, was_public
from data.places_queries import country_of
from data.store import Release

POSTS_OF = """
SELECT b.*, COALESCE(p.name, '') AS area_name FROM border_posts AS b LEFT JOIN places AS p ON p.pcode = b.pcode
WHERE b.operation = $operation ORDER BY b.key
"""
# The parts by sex and age sum to what the post published; `days` is the same in every row of a post and month.
MONTHS_OF_POSTS = """
SELECT post, period AS month,
       SUM(value) FILTER (WHERE direction = 'entry') AS entries, SUM(value) FILTER (WHERE direction = 'exit') AS exits,
       MAX(days) AS days_counted, BOOL_AND(state = 'closed') AS closed, BOOL_AND(state = 'withheld') AS withheld
FROM border_counts
WHERE operation = $operation AND period BETWEEN $first AND $last AND post LIKE $post
GROUP BY ALL ORDER BY post, month
"""
GROUPS_OF_POST = """
SELECT direction, sex, age, SUM(value) AS value FROM border_counts
WHERE operation = $operation AND post = $post AND period = $month GROUP BY ALL ORDER BY direction, sex, age
"""
EVERY, FIRST, LAST = "%", "0000", "9999"
SUMS = Text(
    "Entries and exits of a post are the sums of its groups by sex and age, as published for the month. "
    "They are movements, not people; no balance is taken.",
    (("fr", "Les entrées et les sorties d’un poste sont les sommes de ses groupes par sexe et âge, tels que publiés "
            "pour le mois. Ce sont des mouvements, non des personnes\u202f; aucun solde n’est calculé."),),
)  # fmt: skip
MONTHLY: Mapping[str, str] = {
    "month": "2024-03",
    "entries": "movements into the country, missing where nobody counted",
    "exits": "movements out of it, as above",
    "state": "counted, counted_zero, not_assessed, withheld, closed or no_data",
    "value": "movements both ways, missing where one of them is",
    "unit": "movements",
    "precision": "exact",
    "days_counted": "days of the month with counting; missing where not published",
    "days_in": "days of the month",
}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Profile:
    """One post: what was published of it, month by month, and of whom in one month."""

    key: str
    name: str
    name_ar: str
    mode: str  # land, sea or air
    month: DateSpan
    months: pd.DataFrame  # the columns of MONTHLY, oldest first
    groups: pd.DataFrame  # direction, sex, age, value of `month`; the parts sum to its entries and exits


def posts_at(release: Release, operation: str, on: date, as_known_on: date | None = None) -> Snapshot | None:
    """The border posts of an operation with entries and exits in the month of a day.

    Parameters
    ----------
    on : date
        A day of the month; the figures are of the whole month.
    as_known_on : date, optional
        Nothing of a month whose figures were surely public later only; `public` is False there.

    Returns
    -------
    Snapshot or None
        One row a post: the columns of the table `border_posts` and of `MONTHLY`, `public`, a point. None where the
        operation has no posts.

    Raises
    ------
    Unknown
        If the operation is not held.
    """
    held = queries.catalogue(release)
    about = held.operation(operation)
    if not held_by(release, "border_posts", "border_counts"):
        return None
    posts = [
        {str(name): cell for name, cell in row.items()}
        for row in asked(release, POSTS_OF, operation=operation).to_dict("records")
    ]
    if not posts:
        return None
    month = month_of(on)
    public = was_public(release, operation, str(month), as_known_on)
    found = _months(release, operation, str(month), str(month), EVERY) if public else {}
    rows = [
        post
        | country_of(held, post["iso3"])
        | _figures(found.get((post["key"], str(month))), str(month))
        | {"public": public}
        for post in posts
    ]
    table = gpd.GeoDataFrame(rows, geometry=[spot(r["lon"], r["lat"]) for r in rows], crs="EPSG:4326")
    cited = [held.sources[r["source"]] for r in posts]
    return Snapshot(
        key=f"{operation}-border-posts", label=about.title, table=table, on=on,
        provenance=provenance_of(held, operation, cited, derived_by=(SUMS,)),
    )  # fmt: skip


def profile(
    release: Release, operation: str, post: str, on: date, as_known_on: date | None = None
) -> Profile:
    """All that was published of one post.

    Raises
    ------
    Unknown
        If the operation has no such post.
    """
    rows = (
        asked(release, POSTS_OF, operation=operation).to_dict("records")
        if held_by(release, "border_posts")
        else []
    )
    about = next((row for row in rows if row["key"] == post), None)
    if about is None:
        raise Unknown("border post", post, [(str(row["key"]), str(row["name"])) for row in rows])
    month = month_of(on)
    found = _months(release, operation, FIRST, LAST, post)
    if as_known_on is not None:
        public = asked(release, PERIODS_PUBLIC, operation=operation)
        kept = set(public.loc[public["first_by"] <= pd.Timestamp(as_known_on), "period"])
        found = {key: row for key, row in found.items() if key[1] in kept}
    groups = asked(release, GROUPS_OF_POST, operation=operation, post=post, month=str(month))
    if (post, str(month)) not in found:
        groups = groups.iloc[:0]
    return Profile(
        key=post, name=str(about["name"]), name_ar=str(about["name_ar"]), mode=str(about["mode"]), month=month,
        months=pd.DataFrame([_figures(row, at) for (_, at), row in sorted(found.items())], columns=list(MONTHLY)),
        groups=groups,
    )  # fmt: skip


def _months(release: Release, operation: str, first: str, last: str, post: str) -> dict[tuple[str, str], Row]:
    rows = asked(release, MONTHS_OF_POSTS, operation=operation, first=first, last=last, post=post)
    return {(str(r["post"]), str(r["month"])): r for _, r in records(rows)}


def _figures(found: Mapping[Any, Any] | None, month: str) -> Row:
    """What is said of one post and month."""
    missing = float("nan")
    row: Row = {
        "month": month, "entries": missing, "exits": missing, "state": State.NO_DATA.value, "value": missing,
        "unit": Unit.MOVEMENTS.value, "precision": Precision.EXACT.value, "days_counted": missing,
        "days_in": days_in(month_of(date.fromisoformat(f"{month}-01"))),
    }  # fmt: skip
    if found is None:
        return row
    row["days_counted"] = int(found["days_counted"])
    sides = [missing if pd.isna(found[side]) else float(found[side]) for side in ("entries", "exits")]
    if all(pd.isna(side) for side in sides):
        state = (
            State.WITHHELD if found["withheld"] else State.CLOSED if found["closed"] else State.NOT_ASSESSED
        )
        return row | {"state": state.value}
    both = sum(sides)
    state = State.COUNTED if both != 0 else State.COUNTED_ZERO
    return row | {"entries": sides[0], "exits": sides[1], "value": both, "state": state.value}
