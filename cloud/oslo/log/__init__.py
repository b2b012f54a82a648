"""What all services log, and how. Real: oslo.log."""
