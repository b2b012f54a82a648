"""What makes an instance on this machine: the driver, and the image handlers that bring its disk."""
