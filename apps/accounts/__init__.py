"""Users, roles, data scope and sign-in."""
