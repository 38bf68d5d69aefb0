"""The figures of a district of some size, measured on this machine: ``python -m benchmarks``."""
