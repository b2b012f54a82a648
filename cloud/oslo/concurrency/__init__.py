"""Several processes that work on the same things. Real: oslo.concurrency."""
