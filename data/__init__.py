"""Figures and where they come from: sources, tables, releases, queries; nothing here draws."""
