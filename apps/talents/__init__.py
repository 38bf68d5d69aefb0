"""People, teams, pools and qualifications."""
