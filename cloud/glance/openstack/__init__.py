"""Where Juno kept its copies of what several projects share."""
