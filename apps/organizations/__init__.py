"""Districts, units and indicators."""
