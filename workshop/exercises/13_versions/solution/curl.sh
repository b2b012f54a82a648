curl -i "$GLANCE/"
curl -i -H 'X-Auth-Token: alice-token' -H 'Accept: application/vnd.openstack.images-v2.2' "$GLANCE/images"
