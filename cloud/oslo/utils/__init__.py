"""Small helpers that all services share. Real: oslo.utils."""
