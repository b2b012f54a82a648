"""The registry as glance-api sees it. Real: glance 2014.2 glance/registry/client/__init__.py."""
