CREATE = """ALICE='X-Auth-Token: alice-token'
BOB='X-Auth-Token: bob-token'
IMAGES="$GLANCE/v2/images"
ID=$(curl -s -H "$ALICE" -d '{"name": "plans"}' "$IMAGES" | grep -o '"id": "[^"]*"' | cut -d '"' -f 4)
"""

AS_SHIPPED = 'Alice has no image yet: with the token alice-token, POST {"name": "plans"} to /v2/images.'
MISTAKES = {
    'shared with a user': (
        {'curl.sh': f"""{CREATE}curl -H "$ALICE" -d '{{"member": "bob"}}' "$IMAGES/$ID/members"\n"""},
        'Alice has offered the image to "bob", and Bob is not in a tenant of that name. Glance does not know which '
        'tenants there are, so it does not complain: offer it to the tenant other.',
    ),
    'Alice accepts': (
        {'curl.sh': ('-X PUT -H "$BOB"', '-X PUT -H "$ALICE"')},
        "Alice cannot accept for Bob (403): send the PUT with Bob's token, bob-token.",
    ),
    'nobody accepts': (
        {'curl.sh': ("""curl -X PUT -H "$BOB" -d '{"status": "accepted"}' "$IMAGES/$ID/members/other"\n""", '')},
        'The membership is pending: now Bob accepts, with a PUT to /v2/images/ID/members/other.',
    ),
    'accepted by name': (
        {'curl.sh': ('members/other', 'members/bob')},
        'Bob\'s PUT did not accept anything. Glance answered 404 ("The image has no member bob.")',
    ),
    'Bob makes the offer to himself': (
        {'curl.sh': ("""-H "$ALICE" -d '{"member""", """-H "$BOB" -d '{"member""")},
        'The image has no new member. Glance answered 404 ("There is no image ....")',
    ),
    'Bob does not look': (
        {'curl.sh': ('curl -H "$BOB" "$IMAGES"\n', '')},
        "Bob has accepted. Now, with Bob's token, list his images: GET /v2/images.",
    ),
}
