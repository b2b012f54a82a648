"""What is fast, against whom, in one run: python -m bench (or make bench)

This folder need not be read to follow a request.
A section is one module with a function rows(log) that returns table.Row objects; name it in __main__.SECTIONS.
`python -m bench NAME` runs it alone. Its docstring says what it measures and how, and is printed below the table.

Needs Flask and Falcon besides what the cloud needs. Uses loopback and free ports only, ends only what it started,
and fails only when an answer is wrong: a slow machine is no failure.
"""
