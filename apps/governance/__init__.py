"""How talent work is led: meetings, plans, policies."""
