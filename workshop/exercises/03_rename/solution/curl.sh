TOKEN='X-Auth-Token: open-sesame'
ID=$(curl -s -H "$TOKEN" "$URL/instances" | grep -o '[-0-9a-f]\{36\}' | head -n 1)
curl -X PUT -H "$TOKEN" -d name=web "$URL/instances/$ID"
