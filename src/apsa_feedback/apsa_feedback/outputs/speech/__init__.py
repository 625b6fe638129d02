"""Speaking cues aloud."""
