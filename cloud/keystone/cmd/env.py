"""What a user exports, so that clients find the cloud: eval "$(make -s env)", and the same as clouds.yaml.

    python -m cloud.keystone.cmd.env [--user demo] [--ini cloud/keystone/keystone.ini] [--clouds]

The addresses and the password are the ini's. EC2's keys are the user's own, and only a running Keystone has them.
Use: exports(Account('demo', 'demo', 'secret', keys), options)  ->  lines for a shell
Real: devstack's openrc and tools/create_userrc.sh
"""

import argparse
import configparser
import json
import os
import shlex
import sys
from dataclasses import dataclass

from cloud.keystone.cmd.bootstrap import USERS
from cloud.keystone.cmd.client import Client, Refused
from cloud.keystone.common import config

OTHERS = (
    'OS_AUTH_TYPE',
    'OS_TOKEN',
    'OS_ENDPOINT',
    'OS_CLOUD',
    'OS_COMPUTE_ENDPOINT_OVERRIDE',
    'OS_IMAGE_ENDPOINT_OVERRIDE',
)
INI = os.path.join(config.PACKAGE, 'keystone.ini')


@dataclass
class Account:
    """user, project, password: text; keys: EC2's, a dict with access and secret, or None."""

    user: str
    project: str
    password: str
    keys: dict = None


def read_options(path):
    """The options of a Keystone's ini. ValueError, in one line."""
    ini = configparser.ConfigParser({'here': os.path.dirname(os.path.abspath(path))})
    try:
        with open(path, encoding='utf-8-sig') as file:
            ini.read_file(file)
    except (OSError, UnicodeDecodeError, configparser.Error) as error:
        raise ValueError(f'{path}: {error}') from None
    options = config.parse(ini.defaults() if not ini.sections() else dict(ini[ini.sections()[0]]))
    if not options.identity_endpoint:
        raise ValueError(f'{path}: there is no identity_endpoint in it')
    return options


def variables(account, options):
    """What is exported, by name."""
    found = {
        'OS_AUTH_URL': options.identity_endpoint,
        'OS_IDENTITY_API_VERSION': '3',
        'OS_USERNAME': account.user,
        'OS_PASSWORD': account.password,
        'OS_PROJECT_NAME': account.project,
        'OS_USER_DOMAIN_ID': 'default',
        'OS_PROJECT_DOMAIN_ID': 'default',
        'OS_REGION_NAME': options.region,
    }
    if account.keys and options.ec2_endpoint:
        found['AWS_ACCESS_KEY_ID'] = account.keys['access']
        found['AWS_SECRET_ACCESS_KEY'] = account.keys['secret']
        found['AWS_ENDPOINT_URL_EC2'] = options.ec2_endpoint
        found['AWS_DEFAULT_REGION'] = options.region
    return found


def exports(account, options):
    """Lines for a shell. What else would say who one is, such as a token of the lessons, goes."""
    lines = [f'unset {" ".join(OTHERS)}\n']
    lines += [f'export {name}={shlex.quote(value)}\n' for name, value in variables(account, options).items()]
    return ''.join(lines)


def clouds_yaml(accounts, options):
    """A clouds.yaml with a cloud for each account, by its user's name. (JSON is YAML, and quotes all that needs it.)"""
    lines = ['clouds:\n']
    for account in accounts:
        auth = {
            'auth_url': options.identity_endpoint,
            'username': account.user,
            'password': account.password,
            'project_name': account.project,
            'user_domain_id': 'default',
            'project_domain_id': 'default',
        }
        lines += [f'  {json.dumps(account.user)}:\n', f'    region_name: {json.dumps(options.region)}\n', '    auth:\n']
        lines += [f'      {name}: {json.dumps(value)}\n' for name, value in auth.items()]
    return ''.join(lines)


def main(argv=None):
    args = parse(argv)
    try:
        options = read_options(args.ini)
        projects = {user: project for user, project, _ in USERS}
        if args.clouds:
            accounts = [Account(user, project, options.seed_password) for user, project in projects.items()]
            print(clouds_yaml(accounts, options), end='')
        else:
            account = Account(args.user, args.project or projects.get(args.user, args.user), args.password)
            print(exports(with_keys(account, options), options), end='')
    except ValueError as error:
        sys.exit(f'env: {error}')


def with_keys(account, options):
    """The account with EC2's keys, if a Keystone answers that knows it; why not is said on stderr."""
    account.password = account.password or options.seed_password
    try:
        client = Client(options.identity_endpoint, account.user, account.password, account.project)
        account.keys = client.ec2_keys(client.user_id, client.project_id)
    except Refused as error:
        print(f'env: without the keys for EC2: {error}', file=sys.stderr)
    return account


def parse(argv):
    parser = argparse.ArgumentParser(prog='env', description='Print what a shell exports to use the cloud.')
    parser.add_argument('--ini', default=INI, help="Keystone's ini")
    parser.add_argument('--user', default='demo', help='whose environment (%(default)s)')
    parser.add_argument('--project', help="which project, if it is not the user's own")
    parser.add_argument('--password', help="if it is not the ini's")
    parser.add_argument('--clouds', action='store_true', help='print a clouds.yaml with all that the first start makes')
    return parser.parse_args(argv)


if __name__ == '__main__':
    main()
