"""The service's side of the registry. Real: glance 2014.2 glance/registry/api/__init__.py."""
