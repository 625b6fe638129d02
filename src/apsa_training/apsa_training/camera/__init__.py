"""Camera laboratory: recorded motion as a camera would see it, with true joints and labels."""
