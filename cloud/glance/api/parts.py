"""What the whole service shares: each part is made once, for both versions of the API and the filters in front.

    root_app_factory -> Parts -> global_config -> apiv1app, apiv2app
                          `----> the application that it returns -> the context filter, which wraps that

Two policies would only cost time. But two Quotas have locks of their own, so that two uploads at once, one in each
version, could both take what is left; and of two Notifiers each has heard one half of what happened.

Use: parts = parts_of(global_config) in the factory of an API; parts_behind(app) in that of a filter.
Real: none; there CONF and the stores are globals of the process, and whoever needs an Enforcer or a Notifier makes one
"""

from cloud.glance import store
from cloud.glance.api import policy
from cloud.glance.api.common import Quotas
from cloud.glance.common import config, property_utils
from cloud.glance.db.sqlalchemy import metadata
from cloud.glance.db.sqlalchemy.api import Database
from cloud.glance.db.sqlalchemy.metadef_api import Metadefs
from cloud.glance.db.sqlalchemy.tasks import Tasks
from cloud.glance.notifier import Notifier
from cloud.oslo.concurrency import lockutils

KEY = 'glance.parts'  # the name of the Parts in a global_config


class Parts:
    """The parts by name: options, policy (an Enforcer), property_rules, store_api, db_api, quotas, notifier, tasks,
    metadefs.

    property_rules: None where nothing is protected. ValueError, in one line, for an option or a file that is no good.
    """

    def __init__(self, options):
        self.options = options
        self.policy = policy.Enforcer(options.policy_file, options.policy_default_rule)
        self.property_rules = property_utils.property_rules(options, self.policy)
        self.store_api = store.create_stores(options)
        store.verify_default_store(self.store_api)
        self.db_api = Database(options.sql_connection, options.members_only_on_shared)
        self.quotas = Quotas(options, self.db_api)
        self.notifier = Notifier()
        self.metadefs = Metadefs(self.db_api)
        metadata.load(self.metadefs, options.metadata_source_path)
        self.tasks = Tasks(self.db_api, options.task_time_to_live)

    def recover(self):
        """Set right what a killed process has left half-way: uploads and imports wait again, without half of it."""
        self.db_api.recover()
        self.tasks.recover()
        self.store_api.delete_leftovers(self.db_api.without_location, self.db_api.not_staged)


def make_parts(global_config):
    """The Parts that an ini's [DEFAULT] describes, recovered if no other process works on these data."""
    parts = Parts(config.parse(global_config))
    parts.lock = lockutils.share(parts.db_api.session.file, parts.recover)
    return parts


def parts_of(global_config):
    """The Parts that root_app_factory has made; for an API that stands alone in its ini, Parts of its own."""
    return global_config.get(KEY) or make_parts(global_config)


def parts_behind(app):
    """The Parts of the application that a filter wraps, or None if it has none. Other filters may stand in between."""
    while app is not None:
        if parts := getattr(app, 'parts', None):
            return parts
        app = getattr(app, 'app', None)
    return None
