"""Training classes and who took part."""
