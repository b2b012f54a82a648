# Instead of typing in a second terminal, you may write your commands here, one a line, and save.
# $URL is the address of a fresh cloud.
