"""One module a file family: read only, nothing cleaned silently."""
