"""Filters that stand in front of a service and know who is calling."""
