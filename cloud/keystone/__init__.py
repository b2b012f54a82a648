"""Identity: who somebody is, what they may do where, and at which address each service is.

This folder need not be read to follow a request.

    POST /v3/auth/tokens  ->  auth/      checks the password (identity/), finds the roles (assignment/)
                              token/     writes a token that only Keystone can read
    GET  /v3/auth/tokens  ->  token/     reads it again: how every other service asks whose it is
    the nouns             ->  identity/ (users, groups), resource/ (projects, domains), assignment/ (roles, grants),
                              catalog/ (services, endpoints, regions), credential/ (EC2's keys)

Real: keystone 2014.2 keystone/__init__.py; the parts are those of 2015.1, where resource/ left assignment/
"""
