import pytest

from cloud.nova.virt.machines import Machine, read_machines


def test_the_hosts_of_the_ini_in_their_order():
    machines = read_machines(['a:8:16384:500', 'b:1:2:3:east'])
    assert list(machines.values()) == [Machine('a', 8, 16384, 500, 'nova'), Machine('b', 1, 2, 3, 'east')]


@pytest.mark.parametrize(
    'text', ['a', 'a:1:2', 'a:x:2:3', '../a:1:2:3', 'a:1:2:3:', 'a:1:2:3:b:c', 'a b:1:2:3', ':1:2:3']
)
def test_another_form_is_refused_in_one_line(text):
    with pytest.raises(ValueError, match='give NAME:VCPUS:MEMORY_MB:DISK_GB, for example compute1:8:16384:500'):
        read_machines([text])


def test_a_name_that_comes_twice_is_refused():
    with pytest.raises(ValueError, match='^compute_hosts = a:1:2:3, a:1:2:3: a name comes twice: give each its own$'):
        read_machines(['a:1:2:3', 'a:1:2:3'])
