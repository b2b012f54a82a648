"""The image service's older API: metadata in headers, data in the body."""
