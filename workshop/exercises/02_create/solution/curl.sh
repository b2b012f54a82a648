curl -i -H 'X-Auth-Token: open-sesame' -d name=demo_one "$URL/instances"
