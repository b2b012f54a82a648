ALICE='X-Auth-Token: alice-token'
BOB='X-Auth-Token: bob-token'
IMAGES="$GLANCE/v2/images"
ID=$(curl -s -H "$ALICE" -d '{"name": "plans"}' "$IMAGES" | grep -o '"id": "[^"]*"' | cut -d '"' -f 4)
curl -H "$ALICE" -d '{"member": "other"}' "$IMAGES/$ID/members"
curl -X PUT -H "$BOB" -d '{"status": "accepted"}' "$IMAGES/$ID/members/other"
curl -H "$BOB" "$IMAGES"
