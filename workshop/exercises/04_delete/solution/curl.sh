TOKEN='X-Auth-Token: open-sesame'
ID=$(curl -s -H "$TOKEN" "$URL/instances" | grep -o '[-0-9a-f]\{36\}' | tail -n 1)
curl -i -X DELETE -H "$TOKEN" "$URL/instances/$ID"
curl -i -X DELETE -H "$TOKEN" "$URL/instances/$ID"  # the same again
