"""What the system tells of memory, with and without a container's limit."""

import pytest

from resnet_studio.bench.hardware import available_memory, cores, gpus, physical_memory


@pytest.fixture
def system(tmp_path):
    """A system with 8,000 kB free: a writer of its files, and what is available under them."""

    def write(files):
        for name, text in {"proc/meminfo": "MemTotal: 9000 kB\nMemAvailable:    8000 kB\n", **files}.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        return available_memory(tmp_path / "proc", tmp_path / "cgroup")

    return write


def test_without_a_container_it_is_what_the_system_has_left(system):
    assert system({}) == 8_000 * 1024
    assert (
        system({"proc/self/cgroup": "0::/\n", "cgroup/memory.max": "max\n", "cgroup/memory.current": "5"}) == 8_192_000
    )


def test_a_container_of_version_2(system):
    files = {
        "proc/self/cgroup": "0::/box\n",
        "cgroup/box/memory.max": "5000000",
        "cgroup/box/memory.current": "3000000",
    }
    assert system(files) == 2_000_000
    assert system({**files, "cgroup/box/memory.stat": "anon 7\ninactive_file 500000\n"}) == 2_500_000


def test_a_limit_between_the_group_and_the_root_counts(system):
    files = {
        "proc/self/cgroup": "0::/slice/box/scope\n",
        "cgroup/slice/box/memory.max": "4000000",
        "cgroup/slice/box/memory.current": "1000000",
        "memory.max": "1",  # outside the tree of groups
        "memory.current": "1",
    }
    assert system(files) == 3_000_000


def test_a_container_of_version_1_that_sees_its_group_as_the_root(system):
    files = {
        "proc/self/cgroup": "5:devices:/\n4:memory:/docker/abc\n",
        "cgroup/memory/memory.limit_in_bytes": "1000000",
        "cgroup/memory/memory.usage_in_bytes": "1200000",
    }
    assert system(files) == 0


def test_a_system_that_tells_nothing(tmp_path):
    assert available_memory(tmp_path, tmp_path) == physical_memory() // 2


def test_this_machine():
    assert 2**20 < available_memory() <= physical_memory() < 2**50
    assert cores() >= 1
    assert gpus() is None or gpus() >= 0
