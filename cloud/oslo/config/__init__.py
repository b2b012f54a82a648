"""Typed options out of an ini's [DEFAULT]: see cfg.py."""
