"""The services that stand on the ground floor, each at its real path once `cloud/` is stripped. Real: none."""
