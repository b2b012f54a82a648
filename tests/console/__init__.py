"""The console blocks of the documentation: run, compared with what they say, and written anew.

A block is what a reader would see in a terminal: lines that begin with `$ ` are typed (`> ` goes on), the
rest is their output. All blocks of a document share one shell, in a copy of the project: its files, `.venv/bin/python`
and `make` are there as a reader finds them, and nothing that is typed changes the checkout.

**Files.** A block of Python or of an ini whose first line is a comment with nothing but a file's name (`# stamp.py`,
`; stamp.ini`) is what the reader saves under that name.

**Servers.** A command that serves (`make run`, `.venv/bin/python server.py stamp.ini -v`, `make cloud`) gets a terminal
of its own, and keeps running. What a server has printed since is shown in one of two ways:

    ```console                                  ```console
    req-9ad2... GET /instances                  $ .venv/bin/python server.py -v
    req-9ad2... reaches Auth                    ...
    ```                                         req-9ad2... reaches Auth
                                                ```

On the left, without a prompt: what the terminal shown last has printed since. On the right, the same command again:
the whole terminal of that server. A line `^C` in either is the Ctrl-C that ends the server; behind it comes what the
server then prints. With nothing before it, anything may have been printed until then.

**What is left over.** A document fails at its end if git would not ignore a file that it has made.

**What differs from run to run.** Ports (of four digits) are free ones: what the document calls 8080 or 9292 is the one
that this run took for it. Dates, curl's version and a Content-Length may be any. An id (a UUID) in the document stands
for one id of this run, each for another one. And `...` stands for any text, as in a doctest; as a line, for any lines
or none.

Two uses, of the same code:

- `pytest` fails where a command prints something else than its document shows (`-p tests.console.plugin`);
- `python -m tests.console [DOCUMENT ...]` puts into the document what the command prints. `make walkthrough` says so.

One file, one job: shell.py types the commands; compare.py tells whether an output is the one that is shown; blocks.py
brings the two together, for a block; document.py does so for a whole document; rewrite.py mends an output that is
another one.
"""
