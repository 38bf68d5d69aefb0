"""The project: settings, addresses and entrances. No business code."""
