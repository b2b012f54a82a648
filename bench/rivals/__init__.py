"""The same API as the ground floor's, as each framework's own tutorial would have it written.

Equal for all: the token check, the shapes of answers and errors, the rules for names and pages, seeded instances.
Not theirs: request ids, an access log and multipart forms, which the ground floor has on top.
"""
