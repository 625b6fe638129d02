"""Camera to skeleton to repetitions, quality and errors."""
