"""Typed options out of an ini's [DEFAULT]: see cfg.py. Real: oslo.config 1.4 oslo/config/__init__.py."""
