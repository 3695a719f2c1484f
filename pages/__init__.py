"""Page layouts as trees of builders: a view and a release in, components out. No page knows a callback."""
