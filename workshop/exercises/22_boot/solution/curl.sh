TOKEN='X-Auth-Token: alice-token'
seq 10000 > disk.img
IMAGE=$(curl -s -H "$TOKEN" -H 'x-image-meta-name: toy' -H 'x-image-meta-disk_format: raw' \
    -H 'x-image-meta-container_format: bare' -H 'Content-Type: application/octet-stream' \
    --data-binary @disk.img "$GLANCE/v1/images" | grep -o '[-0-9a-f]\{36\}' | head -n 1)
INSTANCE=$(curl -s -H "$TOKEN" -d name=first -d "image=$IMAGE" "$NOVA/instances" | grep -o '[-0-9a-f]\{36\}' | head -n 1)
while curl -s -H "$TOKEN" "$NOVA/instances/$INSTANCE" | grep BUILD; do sleep 0.3; done
curl -H "$TOKEN" "$NOVA/instances/$INSTANCE"
