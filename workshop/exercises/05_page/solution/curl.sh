TOKEN='X-Auth-Token: open-sesame'
LAST=$(curl -s -H "$TOKEN" "$URL/instances?limit=2" | grep -o '"id": "[^"]*"' | tail -n 1 | cut -d '"' -f 4)
curl -H "$TOKEN" "$URL/instances?limit=2&marker=$LAST"
