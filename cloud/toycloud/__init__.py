"""For whoever tests clients: the hand behind the scenes of each service, under /toycloud/.

This folder need not be read to follow a request. It is switched off unless the ini says `toycloud = True`.

    client -> toycloud: a rule for this request? -> wait, refuse, hang up -> the pipeline
                    `-> /toycloud/...: authtoken -> admins alone -> pages

    filter.py       the WSGI filter, one word in front of each pipeline
    pages.py        what an admin may ask of it: a table of paths
    controllers.py  the actions behind it
    faults.py       the rules: which request, which fault, how often
    matching.py     which requests a rule is for
    gate.py         the requests under way, and a moment without any
    state.py        all that a service keeps as one JSON document; the way back, and to the beginning
    files.py        the files in it
    unread.py       what clients sent, and nobody read

What is to be had of a service (its name, its rows, its way to start anew) that service hands over: the attribute
`controls` of its application, which makes an object as in cloud/nova/controls.py. So this folder knows no service, and
no service knows it. The clock and the ids are those of cloud/oslo/utils.

    service, tables, folders, headers, session      what it is, and what it keeps; the headers that it reads
    fault(code, message)                            a refusal in its form
    problems(); name_of(id)                         how it is; what a thing is called
    first_rows(dump); owns(folder, name); remove_files(); stop_work(); resume(); clock_moved()
    find_token(token), force(id, vm_state, ...), only_asks      where there is such a thing
Real: none; the fake clouds of others have such a side door, too
"""
