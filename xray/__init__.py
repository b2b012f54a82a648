"""The X-ray: see every step that a request takes, through all services, without a line added to them.

    xray/filter.py    one word in an ini's pipeline: records each request, and serves the page at /xray/
    xray/recorder.py  the calls of a request, as Python itself reports them
    xray/landmarks.py which calls are the steps that one looks for
    xray/store.py     the last 200 requests, in data/xray/
    xray/web.py       the HTTP interface behind the page; python -m xray is the same in a terminal

No service imports this package: an ini names it, or nothing does. It need not be read to follow a request.
Real: none; osprofiler comes nearest, which shows what was annotated by hand
"""
