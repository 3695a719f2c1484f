"""The sentences of codes that stand on the map's panels, by list; a code that has none stands as it was published."""

from __future__ import annotations

from collections.abc import Mapping

from words import Words

Coded = Mapping[str, str]  # code -> key of the words

LEVELS: Coded = {
    "adm0": "mapcontrols.level_adm0", "adm1": "mapcontrols.level_adm1", "adm2": "mapcontrols.level_adm2",
    "adm3": "mapcontrols.level_adm3",
}  # fmt: skip
AREAS: Coded = {
    "adm0": "mapprofiles.area_adm0", "adm1": "mapprofiles.area_adm1", "adm2": "mapprofiles.area_adm2",
    "adm3": "mapprofiles.area_adm3",
}  # fmt: skip
COLOURS: Coded = {
    "state": "mapcontrols.colour_state", "type": "mapcontrols.colour_type", "age": "mapcontrols.colour_age",
    "change": "mapcontrols.colour_change", "gap": "mapcontrols.colour_gap",
}  # fmt: skip
CLASSES: Coded = {
    "quantile": "mapcontrols.classes_quantile", "jenks": "mapcontrols.classes_jenks",
    "equal": "mapcontrols.classes_equal", "own": "mapcontrols.classes_own",
}  # fmt: skip
MEASURES: Coded = {
    "people": "mapcontrols.measure_people", "change": "mapcontrols.measure_change",
    "rate": "mapcontrols.measure_rate", "coverage": "mapcontrols.measure_coverage",
}  # fmt: skip
KINDS: Coded = {
    "site": "mapfind.kind_site", "area": "mapfind.kind_area", "flow_point": "mapfind.kind_flow_point",
    "border_post": "mapfind.kind_border_post",
}  # fmt: skip
TYPES: Coded = {
    "camp": "mapfind.type_camp", "collective_centre": "mapfind.type_collective_centre",
    "host_community": "mapfind.type_host_community", "sites": "mapfind.type_sites",
}  # fmt: skip
SERVICES: Coded = {
    "water": "mapfind.service_water", "latrines": "mapfind.service_latrines", "waste": "mapfind.service_waste",
    "health": "mapfind.service_health", "school": "mapfind.service_school",
}  # fmt: skip
STATUSES: Coded = {
    "available": "mapsite.status_available", "partly": "mapsite.status_partly", "none": "mapsite.status_none",
    "not_assessed": "mapsite.status_not_assessed",
}  # fmt: skip
CLOSURES: Coded = {
    "return": "mapsite.closure_return", "grant": "mapsite.closure_grant", "eviction": "mapsite.closure_eviction",
    "formalised": "mapsite.closure_formalised", "merged": "mapsite.closure_merged",
    "unknown": "mapsite.closure_unknown",
}  # fmt: skip
LINKS: Coded = {
    "merged_into": "mapsite.link_merged_into", "split_from": "mapsite.link_split_from",
    "same_as": "mapsite.link_same_as",
}  # fmt: skip
LINKS_BACK: Coded = {
    "merged_into": "mapsite.link_merged_into_back", "split_from": "mapsite.link_split_from_back",
    "same_as": "mapsite.link_same_as_back",
}  # fmt: skip
DIRECTIONS: Coded = {"entry": "mapprofiles.direction_entry", "exit": "mapprofiles.direction_exit"}
SEXES: Coded = {"female": "mapprofiles.sex_female", "male": "mapprofiles.sex_male", "": "mapprofiles.sex_all"}


def worded(codes: Coded, code: object, w: Words) -> str:
    """A code in words."""
    return w(codes[str(code)]) if str(code) in codes else str(code)
