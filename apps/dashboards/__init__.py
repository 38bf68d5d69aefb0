"""Leaders' pages and reminders."""
