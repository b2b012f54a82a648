# Instead of typing in a second terminal, you may write your commands here, one a line, and save.
# $GLANCE is the address of a fresh image service.
