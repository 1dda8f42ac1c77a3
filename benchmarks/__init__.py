"""Measurements: what it costs, beside a peer in the same run. `python -m benchmarks` runs them all."""
