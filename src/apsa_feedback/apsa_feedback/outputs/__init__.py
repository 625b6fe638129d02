"""Devices that deliver cues."""
