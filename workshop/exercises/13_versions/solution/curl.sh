curl -i "$GLANCE/"
curl -i -H 'X-Auth-Token: alice-token' -H 'Accept: application/vnd.openstack.images-v2.15' "$GLANCE/images"
