"""A lamp as an output of the APSA coach."""
