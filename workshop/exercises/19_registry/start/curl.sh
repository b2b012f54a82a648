# Instead of typing in a second terminal, you may write your commands here, one a line, and save.
# $GLANCE is the address of the image service, $REGISTRY_PID the process id of the registry, in a fresh cloud.
