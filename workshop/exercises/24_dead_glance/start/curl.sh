# Instead of typing in a second terminal, you may write your commands here, one a line, and save.
# $GLANCE and $NOVA are the addresses, $GLANCE_PID is the process id of glance, in a fresh cloud.
