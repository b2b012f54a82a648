export OS_IMAGE_URL="$GLANCE" OS_AUTH_TOKEN=alice-token
seq 10000 > disk.img
glance image-create --name from-client --disk-format raw --container-format bare --file disk.img
glance image-list
