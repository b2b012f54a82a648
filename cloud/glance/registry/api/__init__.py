"""The service's side of the registry."""
