"""The client of the registry's first (and here only) version."""
