seq 10000 > disk.img
curl -H 'X-Auth-Token: alice-token' -H 'x-image-meta-name: in-one' -H 'x-image-meta-disk_format: raw' \
    -H 'x-image-meta-container_format: bare' -H 'x-image-meta-property-os_distro: toy' \
    -H 'Content-Type: application/octet-stream' --data-binary @disk.img "$GLANCE/v1/images"
