"""A class: a user, a project, a password and EC2's keys for each student, and the files that they take home.

    python -m cloud.keystone.cmd.classroom 30   ->   data/class/clouds.yaml, data/class/student01.rc, ... student30.rc

Asked again, with the same number or another, it keeps whoever is there, and their passwords as the files have them.
A student whose file is gone gets a new password.
Use: make_class(Client(...), options, 30, folder)
Real: devstack's tools/create_userrc.sh
"""

import argparse
import os
import re
import secrets
import shlex
import sys
import tempfile

from cloud.keystone.cmd.client import Client, Refused
from cloud.keystone.cmd.env import INI, Account, clouds_yaml, exports, read_options
from cloud.keystone.common import config

FOLDER = os.path.join(os.path.dirname(config.DATA), 'class')
LARGEST_CLASS = 500


def make_class(admin, options, number, folder):
    """The Accounts of so many students; their files are in the folder then. Refused, OSError."""
    os.makedirs(folder, mode=0o700, exist_ok=True)
    role_id = admin.ask('GET', '/roles?name=member')['roles'][0]['id']
    accounts = []
    for name in [f'student{each:02}' for each in range(1, number + 1)]:
        path = os.path.join(folder, f'{name}.rc')
        account = make_student(admin, name, role_id, password_in(path))
        write(path, exports(account, options))  # at once: who has a password has it in a file
        accounts.append(account)
    write(os.path.join(folder, 'clouds.yaml'), clouds_yaml(accounts, options))
    return accounts


def make_student(admin, name, role_id, password):
    project_id = find(admin, 'projects', name) or make(admin, 'project', name=name)
    user_id = find(admin, 'users', name)
    if user_id is None:
        password = password or new_password()
        user_id = make(admin, 'user', name=name, password=password)
    elif password is None:
        password = new_password()
        admin.ask('PATCH', f'/users/{user_id}', {'user': {'password': password}})
    admin.ask('PUT', f'/projects/{project_id}/users/{user_id}/roles/{role_id}')
    return Account(name, name, password, admin.ec2_keys(user_id, project_id))


def find(admin, collection, name):
    """The id of what has that name in the domain default, or None."""
    found = admin.ask('GET', f'/{collection}?name={name}&domain_id=default')[collection]
    return found[0]['id'] if found else None


def make(admin, noun, **values):
    return admin.ask('POST', f'/{noun}s', {noun: {**values, 'domain_id': 'default'}})[noun]['id']


def new_password():
    return secrets.token_urlsafe(9)


def password_in(path):
    """The password that a student's file exports, or None."""
    try:
        with open(path, encoding='utf-8') as file:
            found = re.search('^export OS_PASSWORD=(.*)$', file.read(), re.MULTILINE)
        return shlex.split(found[1])[0] if found else None
    except (OSError, ValueError, IndexError):
        return None


def write(path, text):
    """A file with that text, for this user alone; whole, or as it was."""
    with tempfile.NamedTemporaryFile('w', dir=os.path.dirname(path), prefix='.new-', delete=False) as file:
        file.write(text)
    os.replace(file.name, path)


def main(argv=None):
    parser = argparse.ArgumentParser(prog='class', description='Make a user and a project for each student.')
    parser.add_argument('number', type=int, help=f'how many students, 1 to {LARGEST_CLASS}')
    parser.add_argument('--ini', default=INI, help="Keystone's ini")
    parser.add_argument('--folder', default=FOLDER, help='where their files go')
    parser.add_argument('--password', help="the admin's, if it is not the ini's")
    args = parser.parse_args(argv)
    if not 1 <= args.number <= LARGEST_CLASS:
        parser.error(f'{args.number} students: give a number from 1 to {LARGEST_CLASS}')
    try:
        options = read_options(args.ini)
        admin = Client(options.identity_endpoint, 'admin', args.password or options.seed_password, 'admin')
        for account in make_class(admin, options, args.number, args.folder):
            print(f'{account.user}  {account.password}')
        print(f'each one: source {os.path.join(args.folder, "student01.rc")}', file=sys.stderr)
    except (ValueError, OSError, Refused) as error:
        sys.exit(f'class: {error}')


if __name__ == '__main__':
    main()
