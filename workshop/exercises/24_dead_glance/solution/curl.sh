TOKEN='X-Auth-Token: alice-token'
id_in_answer() { grep -o '[-0-9a-f]\{36\}' | head -n 1; }
IMAGE=$(curl -s -H "$TOKEN" -H 'x-image-meta-name: toy' -H 'x-image-meta-disk_format: raw' \
    -H 'x-image-meta-container_format: bare' -H 'Content-Type: application/octet-stream' \
    --data-binary bytes "$GLANCE/v1/images" | id_in_answer)
INSTANCE=$(curl -s -H "$TOKEN" -d name=first -d "image=$IMAGE" "$NOVA/instances" | id_in_answer); kill "$GLANCE_PID"
while curl -s -H "$TOKEN" "$NOVA/instances/$INSTANCE" | grep BUILD; do sleep 0.3; done
curl -H "$TOKEN" "$NOVA/instances/$INSTANCE"
curl -i -H "$TOKEN" -d name=second -d "image=$IMAGE" "$NOVA/instances"
