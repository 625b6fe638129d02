"""The report of a session: a page for people, CSV and JSON for programs."""
