"""For whoever tests clients: the hand behind the scenes of each service, under /toycloud/.

This folder need not be read to follow a request. It is switched off unless the ini says `toycloud = True`.

    client -> toycloud: a rule for this request? -> wait, refuse, hang up -> the pipeline
                    `-> /toycloud/...: authtoken -> admins alone -> pages

    filter.py    the WSGI filter, one word in front of each pipeline
    pages.py     what an admin may ask of it: a table of paths
    faults.py    the rules: which request, which fault, how often
    matching.py  which requests a rule is for
    gate.py      the requests under way, and a moment without any

What is to be had of a service (its name, its rows, its way to start anew) that service hands over: the attribute
`controls` of its application. So this folder knows no service, and no service knows it.
Real: none; the fake clouds of others have such a side door, too
"""
