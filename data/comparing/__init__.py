"""The questions behind a verdict, one concern a module; `data.comparability` asks them."""
