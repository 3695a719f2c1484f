"""Ratios of two things measured in one run, with memory. `python -m benchmarks` prints the table."""
