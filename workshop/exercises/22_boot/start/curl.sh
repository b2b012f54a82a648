# Instead of typing in a second terminal, you may write your commands here, one a line, and save.
# $GLANCE and $NOVA are the addresses of the services in a fresh cloud.
