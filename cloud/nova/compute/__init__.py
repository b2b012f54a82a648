"""The life of an instance: api checks and records what is asked for, manager does it, flavors say how large it is."""
