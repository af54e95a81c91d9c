"""Copies of the same story: fingerprints, pairs, clusters."""
