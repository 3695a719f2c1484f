"""The training country (SYNTHETIC): what really happened, and what was published of it."""
