"""Filling an empty database: what every office needs, and the demo district."""
