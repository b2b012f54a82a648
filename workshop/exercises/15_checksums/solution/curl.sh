TOKEN='X-Auth-Token: alice-token'
seq 10000 > disk.img
IMAGE='{"name": "toy", "disk_format": "raw", "container_format": "bare"}'
ID=$(curl -s -H "$TOKEN" -d "$IMAGE" "$GLANCE/v2/images" | grep -o '"id": "[^"]*"' | cut -d '"' -f 4)
curl -H "$TOKEN" -H 'Content-Type: application/octet-stream' -T disk.img "$GLANCE/v2/images/$ID/file"
curl -H "$TOKEN" "$GLANCE/v2/images/$ID"
curl -H "$TOKEN" -o back.img "$GLANCE/v2/images/$ID/file"
md5sum disk.img back.img
