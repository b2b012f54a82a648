"""An id of EC2's is a number in disguise; a table of nova's says which image it is.

Real: nova 2013-04 (c8067d1b70) nova/api/ec2/ec2utils.py ec2_id_to_id, ec2_id_to_glance_id; nova/db/sqlalchemy/models.py
    S3Image is the table
"""

import contextlib
import tempfile
import traceback
import uuid

from workshop.strict import shown
from workshop.student import NotYet

CHAPTER = 9
SERVICES = {}
ANSWERED = {'InvalidEc2Id': 400, 'ImageNotFound': 404}


def check(student):
    ami_to_uuid = getattr(student.load('ami'), 'ami_to_uuid', None)
    if not callable(ami_to_uuid):
        raise NotYet('ami.py has no function ami_to_uuid any more: give it its name back.')
    with tempfile.TemporaryDirectory() as folder, numbered_images(folder) as db_api:
        check_images(ami_to_uuid, db_api)
        check_refusals(ami_to_uuid, db_api)


@contextlib.contextmanager
def numbered_images(folder):
    """Nova's database, in which the numbers 1 to 32 are given to images."""
    from cloud.nova.db.sqlalchemy.api import Database

    with contextlib.closing(Database(f'sqlite:///{folder}/nova.sqlite')) as db_api:
        for _ in range(32):
            db_api.s3_image_create(str(uuid.uuid4()))
        yield db_api


def check_images(ami_to_uuid, db_api):
    from cloud.nova.exception import NovaException

    numbers = {db_api.s3_image_get(number)['uuid']: number for number in range(1, 33)}
    for ec2_id in 'ami-00000001', 'ami-00000010', 'ami-0000000a', 'aki-00000002', 'ari-00000003':
        right = int(ec2_id[4:], 16)
        try:
            answer = ami_to_uuid(ec2_id, db_api)
        except KeyError as error:
            check_arguments(ec2_id, error)
            raise
        except (NovaException, ValueError) as error:
            raised = type(error).__name__
            raise NotYet(f'{ec2_id} is number {right}, but ami_to_uuid raises {raised} for it.') from None
        if isinstance(answer, dict):
            raise NotYet(f'For {ec2_id} you return all that the database says: return its uuid alone.')
        if not isinstance(answer, str) or answer not in numbers:
            raise NotYet(f'For {ec2_id} you return {shown(answer)}: return the UUID of number {right}.')
        if numbers[answer] != right:
            raise NotYet(
                f'For {ec2_id} you return the UUID of number {numbers[answer]}, and it is number {right}: the digits '
                'are hexadecimals.'
            )


def check_arguments(ec2_id, error):
    """NotYet for an exception that could not be made, since its message has room for what it was not told."""
    where = traceback.extract_tb(error.__traceback__)[-1].filename
    if isinstance(error, KeyError) and where.endswith('exception.py'):
        raise NotYet(
            f'The exception that you raise for {ec2_id} has a message with room for {error}, and was not told what '
            'that is: raise exception.InvalidEc2Id(ec2_id=ec2_id).'
        )


def check_refusals(ami_to_uuid, db_api):
    wanted_for = {
        'ami-toy': 'InvalidEc2Id',
        'ami-': 'InvalidEc2Id',
        'toy': 'InvalidEc2Id',
        'ami-0000ffff': 'ImageNotFound',
    }
    for ec2_id, wanted in wanted_for.items():
        raised = None
        try:
            answer = ami_to_uuid(ec2_id, db_api)
        except Exception as error:
            check_arguments(ec2_id, error)
            raised = type(error).__name__
        if raised is None:
            raise NotYet(f'For {ec2_id} you return {shown(answer)}: raise {wanted}.')
        if raised != wanted:
            status = ANSWERED.get(raised, 500)
            raise NotYet(f'{ec2_id} raises {raised}, which the client would get as a {status}: let it be {wanted}.')
