"""Schemes of awards, the awards conferred and who received them."""
