"""What is unsure in a site register is a part of its own until a person decides, and then no more."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from data.__main__ import main
from data.errors import Unknown
from data.matches import NotDecided, decide, doubts
from data.parts import PartKind
from data.split import change
from data.store import Release, Store
from data.training import cast, keys, schedule

PAIR = tuple(keys.site_key(n) for n in cast.UNSURE[:2])
RENAMED = keys.site_key(cast.RENAMED[-1])


@pytest.fixture
def store(store_folder: Path, tmp_path: Path) -> Store:
    """A copy of the embedded store, to be written."""
    shutil.copytree(store_folder, tmp_path / "store")
    return Store(tmp_path / "store")


def unsure(release: Release, first: int = 9, second: int = 10) -> set[str]:
    """The sites that a split calls unsure."""
    found = change(release, keys.PEOPLE, str(first), str(second))
    return {row.key for part in found.of(PartKind.IDENTITY_UNSURE) for row in part.rows}


@pytest.mark.parametrize("same", [True, False])
def test_a_decision_ends_the_doubt_in_a_new_release(store: Store, *, same: bool) -> None:
    """Confirmed or rejected, the two are no longer unsure; the release before keeps the doubt, and sums stay."""
    before = store.current()
    assert set(PAIR) <= unsure(before)
    after = decide(store, *PAIR, same=same, reason="Both stand on one map of the producer")
    assert not set(PAIR) & unsure(after)
    assert set(PAIR) <= unsure(before)
    assert change(after, keys.PEOPLE, "9", "10").amount == change(before, keys.PEOPLE, "9", "10").amount
    assert after.changes_from(before) == ("changed: site_links",)
    assert len(doubts(after)) == len(doubts(before)) - 1


def test_a_new_name_is_confirmed_and_never_made_two_sites(store: Store) -> None:
    """A renamed site has one key: that it is the same can be said, that it is another cannot."""
    n = schedule.RENAMED
    assert RENAMED in unsure(store.current(), n - 1, n)
    with pytest.raises(NotDecided, match="one key under both names"):
        decide(store, RENAMED, "", same=False, reason="Another place")
    after = decide(store, RENAMED, "", same=True, reason="The committee of the site says so")
    assert RENAMED not in unsure(after, n - 1, n)


def test_what_is_not_unsure_is_refused(store: Store) -> None:
    """Two sites without a doubt, or a decision taken twice, name what is unsure; nothing is written."""
    before = store.current().digest
    with pytest.raises(Unknown, match="No unsure match"):
        decide(store, keys.site_key(0), keys.site_key(1), same=True, reason="x")
    assert store.current().digest == before
    decide(store, *reversed(PAIR), same=True, reason="In either order")
    with pytest.raises(Unknown):
        decide(store, *PAIR, same=True, reason="Twice")


def test_the_commands(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    """List, confirm, list again: one less; a private person's name in the reason is refused."""
    at = ["--store", str(store.root)]
    assert main(["sites", "matches", "--operation", keys.TRACKING, *at]) == 0
    assert "5 unsure" in capsys.readouterr().out
    assert main(["sites", "confirm", *PAIR, "--reason", "Mr Jean Dupont says so", *at]) == 1
    assert main(["sites", "confirm", *PAIR, "--reason", "One site on the map of the producer", *at]) == 0
    capsys.readouterr()
    assert main(["sites", "matches", *at]) == 0
    assert "4 unsure" in capsys.readouterr().out
    assert main(["sites", "matches", "--operation", "nowhere", *at]) == 1
