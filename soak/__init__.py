"""The soak: everybody calls at once, services die, and in the end nothing that was acknowledged is lost.

This folder need not be read to follow a request.

    services.py     the three services as processes of their own, on free ports, with their data in a temporary folder
    killer.py       kill -9, at random moments, and another start
    traffic.py      many threads, each with a seed, each choosing what to do next
    images_v2.py images_v1.py registry.py instances.py strangers.py     what there is to do
    source.py       another web server, to copy images from
    client.py       one request, and what its answer means
    ledger.py       what was acknowledged, and what may be true besides
    comparison.py   in the end: the ledger against the cloud
    report.py       what was found, and the numbers
    kill.py         nova's processes, which die at each step of a boot (make kill)
    broker.py       a RabbitMQ for that

Use: python -m soak --seconds 60 --seed 1      (make soak SECONDS=60 SEED=1)
The seed decides what each thread chooses, and when something is killed after what; which thread is faster it does not.
Real: none; OpenStack's gate runs tempest/stress, and os-faults kills services
"""
