"""Tempest, OpenStack's own tests, against a cloud that runs: python -m tests.tempest, or make tempest."""
