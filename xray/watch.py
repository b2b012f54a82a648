"""Run a command that serves messages, nova-compute for example, and record what it is asked.

Use: python -m xray watch cloud.nova.cmd.compute cloud/nova/nova-rabbit.ini --host compute2
Real: none
"""

import importlib
import os
import runpy
import sys

from xray import files, instrument, messages, sql
from xray.store import Store


def watch(folder, module, arguments):
    """module: the command's; arguments: its own."""
    importlib.import_module(module)
    name = f'nova-{module.rpartition(".")[2]}' if module.startswith('cloud.nova.') else module
    hosts = [value for option, value in zip(arguments, arguments[1:]) if option == '--host']
    service = '-'.join([name, *hosts])
    store = Store(os.path.abspath(folder))
    store.keep_house(
        {'name': service, 'ini': None, 'path': None, 'pipeline': [], 'filters': [], 'routes': [], 'layers': []}
    )
    messages.install()
    instrument.find()
    sql.install()
    files.install()
    messages.listen(service, store)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name='__main__', alter_sys=True)
