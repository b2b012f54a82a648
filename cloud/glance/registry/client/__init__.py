"""The registry as glance-api sees it."""
