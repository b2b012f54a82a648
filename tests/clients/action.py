"""A list of actions of a client: what its users do, one function for each, which asserts that it is done.

Use: action = Actions('openstacksdk', 'openstacksdk'); @action('images') above def images(world): ...
     for name, do in action: do(world)
"""


class Actions(list):
    """(name, function) in the order of the file. client: the package that they are of."""

    def __init__(self, client, title):
        super().__init__()
        self.client, self.title = client, title

    def __call__(self, name):
        def add(function):
            assert name not in dict(self), name
            self.append((name, function))
            return function

        return add
