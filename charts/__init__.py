"""Charts and cards: from a series, with its provenance, to a picture that brings its notes."""
