"""What all of nova uses."""
