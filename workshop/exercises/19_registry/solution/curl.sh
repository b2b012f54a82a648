curl -i -H 'X-Auth-Token: alice-token' "$GLANCE/v1/images"
kill "$REGISTRY_PID"
sleep 0.2
curl -i -H 'X-Auth-Token: alice-token' "$GLANCE/v1/images"
curl -i -H 'X-Auth-Token: alice-token' "$GLANCE/v2/images"
