ADD = """    def add(self, instance):
        with self.lock:  # from the look to the change, nobody else comes in
            if len(self.instances) >= self.quota:
                raise HTTPForbidden(f'There may be {self.quota} instances: delete one first.')
            self.instances[instance['id']] = instance
"""
REFUSE = "raise HTTPForbidden('Full: delete one first.')"
AT_ONCE = (
    'There was room for one instance, and two creates came at the same moment: they were answered 201 and 201. Look '
    'and change under the same lock.'
)

AS_SHIPPED = 'There are 5 instances, and one more create is answered 201: let the controller refuse it with 403.'
MISTAKES = {
    'one too many': (
        {'quota.py': ('>= self.quota', '> self.quota')},
        'There are 5 instances, and one more create is answered 201: let the controller refuse it with 403.',
    ),
    'one too few': (
        {'quota.py': ('>= self.quota', '>= self.quota - 1')},
        'There are 4 instances, and a create is answered 403: up to 5, let it be 201.',
    ),
    'too large, rather than forbidden': (
        {'quota.py': ('HTTPForbidden', 'HTTPRequestEntityTooLarge')},
        'There are 5 instances, and one more create is answered 413: let it be 403.',
    ),
    'added, then counted': (
        {
            'quota.py': (
                ADD,
                '    def add(self, instance):\n        super().add(instance)\n'
                f'        if len(self.instances) > self.quota:\n            {REFUSE}\n',
            )
        },
        'A create was refused, and now there are 6 instances: look first, then change.',
    ),
    'counts what was ever created': (
        {
            'quota.py': (
                ADD,
                '    created = 0\n\n    def add(self, instance):\n        with self.lock:\n'
                f'            if self.created >= self.quota:\n                {REFUSE}\n'
                "            self.created += 1\n            self.instances[instance['id']] = instance\n",
            )
        },
        'After a delete there are 4 instances, and a create is still refused: count those that there are.',
    ),
    'a message that says nothing': (
        {'quota.py': ("f'There may be {self.quota} instances: delete one first.'", "'no'")},
        'The refusal says "no", and not what to do: let it name the way out, to delete an instance.',
    ),
    'looks in create, without the lock': (
        {
            'quota.py': (
                ADD,
                '    def create(self, req):\n        if len(self.instances) >= self.quota:\n'
                f'            {REFUSE}\n        return super().create(req)\n',
            )
        },
        AT_ONCE,
    ),
    'looks in add, before the lock': (
        {
            'quota.py': (
                ADD,
                '    def add(self, instance):\n        if len(self.instances) >= self.quota:\n'
                f'            {REFUSE}\n        super().add(instance)\n',
            )
        },
        AT_ONCE,
    ),
    'takes the lock twice': (
        {'quota.py': ("self.instances[instance['id']] = instance", 'super().add(instance)')},
        'quota.py, line ...: RuntimeError: this waits for self.lock, which is held already, for ever.',
    ),
}
