"""Errors to cues, and cues to screen, speech and robot."""
