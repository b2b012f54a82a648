AS_SHIPPED = 'For ami-00000001 you return None: return the UUID of number 1.'
MISTAKES = {
    'decimals': (
        {'ami.py': ('[2], 16)', '[2])')},
        'For ami-00000010 you return the UUID of number 10, and it is number 16: the digits are hexadecimals.',
    ),
    'nothing returned': (
        {'ami.py': ('    return db_api', '    db_api')},
        AS_SHIPPED,
    ),
    'the whole record': (
        {'ami.py': ("['uuid']", '')},
        'For ami-00000001 you return all that the database says: return its uuid alone.',
    ),
    'machine images alone': (
        {'ami.py': ("ec2_id.rpartition('-')[2]", "ec2_id.removeprefix('ami-')")},
        'aki-00000002 is number 2, but ami_to_uuid raises InvalidEc2Id for it.',
    ),
    'a ValueError for the client': (
        {'ami.py': ('raise exception.InvalidEc2Id(ec2_id=ec2_id) from None', 'raise')},
        'ami-toy raises ValueError, which the client would get as a 500: let it be InvalidEc2Id.',
    ),
    'an exception that is told nothing': (
        {'ami.py': ('InvalidEc2Id(ec2_id=ec2_id)', 'InvalidEc2Id()')},
        "The exception that you raise for ami-toy has a message with room for 'ec2_id', and was not told what that is: "
        'raise exception.InvalidEc2Id(ec2_id=ec2_id).',
    ),
    'every error the same': (
        {
            'ami.py': (
                "    return db_api.s3_image_get(number)['uuid']",
                """    try:
        return db_api.s3_image_get(number)['uuid']
    except Exception:
        raise exception.InvalidEc2Id(ec2_id=ec2_id) from None""",
            )
        },
        'ami-0000ffff raises InvalidEc2Id, which the client would get as a 400: let it be ImageNotFound.',
    ),
    'nothing behind a dash that is not there': (
        {'ami.py': ("rpartition('-')[2]", "split('-')[1]")},
        'toy raises IndexError, which the client would get as a 500: let it be InvalidEc2Id.',
    ),
    'None for what is not there': (
        {'ami.py': ('raise exception.InvalidEc2Id(ec2_id=ec2_id) from None', 'return None')},
        'For ami-toy you return None: raise InvalidEc2Id.',
    ),
}
