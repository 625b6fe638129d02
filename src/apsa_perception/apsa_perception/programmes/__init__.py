"""Programmes: several exercises with sets and rests."""
