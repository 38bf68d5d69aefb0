"""Policy items, budgets, applications and payments."""
