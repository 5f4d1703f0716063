"""Measurements, as ratios in one run. `make bench` runs each module that has a `main`."""
