"""The report of a session: one page for people, CSV and JSON for programs."""
