"""Filters in front of the image API: which version is meant, and who is calling."""
