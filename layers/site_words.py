"""What is said of sites as a whole, in words: the classes of their colours, and what is wrong in a list of them."""

from __future__ import annotations

from collections.abc import Sequence

from data.site_colours import SiteClasses
from data.site_findings import Finding, FindingKind
from words import Words

TITLES = ("points.by_state", "points.by_type", "points.by_age", "points.by_change", "points.by_gap")
CLASSES = (
    "points.type_camp", "points.type_collective_centre", "points.type_host_community", "points.type_sites",
    "points.type_any", "points.type_none", "points.age_this_round", "points.age_one_round", "points.age_two_rounds",
    "points.age_too_old", "points.age_never", "points.change_halved", "points.change_fell", "points.change_same",
    "points.change_rose", "points.change_doubled", "points.change_not_comparable", "points.change_not_exact",
    "points.change_not_both", "points.change_no_earlier",
    "points.gap_none", "points.gap_partly", "points.gap_available", "points.gap_not_assessed", "points.gap_never",
)  # fmt: skip
# In the order of the kinds.
FINDINGS = (
    "points.finding_null_island", "points.finding_swapped", "points.finding_outside", "points.finding_near_border",
    "points.finding_no_area", "points.finding_unknown_area", "points.finding_same_point",
)  # fmt: skip


def class_words(classes: SiteClasses, words: Words) -> Sequence[str]:
    """The classes of a colour in words, in their order."""
    return [words(key) for key in classes.keys]


def finding_words(finding: Finding, words: Words) -> str:
    """What is wrong with a site and what to do, one sentence in the reader's language."""
    return words(FINDINGS[list(FindingKind).index(finding.kind)])
