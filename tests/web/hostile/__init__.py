"""A web on loopback that behaves like the real one at its worst, and keeps an honest log."""
