"""Filters that any service may have around its pipeline. Real: oslo.middleware."""
