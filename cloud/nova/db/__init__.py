"""Nova's own database."""
