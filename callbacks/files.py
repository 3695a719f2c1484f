"""Downloads: the figure of an address as a file, made from the same chart that its page shows."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, request

from data import queries
from data.errors import Unknown
from data.selection import from_query
from data.store import Store, UnknownRelease
from exports.csv_file import csv_text
from pages.trends import chart_of
from words import DEFAULT, LANGUAGES, words

NOT_UNDERSTOOD = (
    "A part of this address is not understood, so no file is given. Open Trends and download it from there."
)
NOT_HELD = "No such figure is held. Open Trends and download it from there."


def register(server: Flask, store: Store) -> None:
    """Answer ``/files/<indicator>.csv`` from `store`; the release and the language are in the query."""

    @server.get("/files/<indicator>.csv")
    def figure_csv(indicator: str) -> Response:
        selection = from_query(request.query_string.decode("ascii", "replace"))
        if selection.ignored:
            return Response(NOT_UNDERSTOOD, HTTPStatus.NOT_FOUND, mimetype="text/plain")
        language = selection.language if selection.language in LANGUAGES else DEFAULT
        try:
            release = store.release(selection.release) if selection.release else store.current()
            held = queries.catalogue(release)
            if indicator not in held.indicators:
                return Response(NOT_HELD, HTTPStatus.NOT_FOUND, mimetype="text/plain")
            text = csv_text(chart_of(release, held.indicators[indicator], words(language)))
        except (Unknown, UnknownRelease):
            return Response(NOT_HELD, HTTPStatus.NOT_FOUND, mimetype="text/plain")
        answer = Response(
            "\ufeff" + text, mimetype="text/csv"
        )  # the mark tells spreadsheets that it is UTF-8
        answer.headers["Content-Disposition"] = (
            f'attachment; filename="siteline-{indicator}-{release.digest[:8]}.csv"'
        )
        answer.headers["Cache-Control"] = "no-cache"
        return answer
