"""The web page beside the exercise mat, and the server that feeds it."""
