"""The image service. Real: glance 2014.2 (Juno)."""
