curl -H 'X-Auth-Token: open-sesame' $URL/instances
