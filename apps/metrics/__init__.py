"""Catalogue of metrics and their evaluation."""
