import json

import pytest

from resnet_studio.cli import main


def paths(capsys, *arguments):
    assert main(["paths", *arguments]) == 0
    return capsys.readouterr().out


def test_resnet_50_sums_to_65536(capsys):
    told = json.loads(paths(capsys, "resnet_v2_50", "--json"))
    assert (told["units"], told["paths"], told["paths_text"], told["lesion"]) == (16, 65_536, "2^16", None)
    assert sum(count for _, count in told["length_distribution"]) == 65_536
    assert sum(count for _, count in told["layer_distribution"]) == 65_536
    assert [told["layer_distribution"][i][0] for i in (0, -1)] == [6, 50]


def test_cifar_110_gives_the_papers_share(capsys):
    told = json.loads(paths(capsys, "cifar_resnet_v2_110", "--json"))
    assert told["gradient"]["lengths"] == [5, 17]
    counts = dict(told["length_distribution"])
    assert round(100 * sum(counts[k] for k in range(5, 18)) / told["paths"], 5) == 0.45367
    assert round(100 * told["gradient"]["share"], 5) == 0.45367
    assert "5 to 17 residual branches, 0.45367 % of all paths" in paths(capsys, "cifar_resnet_v2_110")


def test_1001_layers_are_exact(capsys):
    told = json.loads(paths(capsys, "cifar_resnet_v2_1001", "--json"))
    assert told["paths"] == 2**333 == sum(count for _, count in told["length_distribution"])


def test_the_table_is_short_and_whole(capsys):
    lines = paths(capsys, "cifar_resnet_v2_1001").splitlines()
    rows = lines[lines.index("") + 2 :]
    assert len(rows) <= 20
    assert rows[0].split()[0] == "0–16"
    assert rows[-1].split()[0] == "323–333"


def test_a_lesion_says_what_is_left(capsys):
    told = json.loads(paths(capsys, "resnet_v2_50", "--json", "--lesion", "block3/unit_3, block1/unit_2"))["lesion"]
    assert told["without"] == ["block3/unit_3", "block1/unit_2"]
    assert (told["units"], told["paths"], told["removed"]["paths"]) == (14, 16_384, 49_152)
    # A unit of block3: 1024x256 + 256x256x9 + 256x1024 weights, 1,024 biases, 2x(1,024 + 256 + 256) for batch norms.
    # One of block1 likewise, with depth 256 and bottleneck 64.
    block3 = 2 * 1024 * 256 + 9 * 256**2 + 1024 + 2 * (1024 + 512)
    block1 = 2 * 256 * 64 + 9 * 64**2 + 256 + 2 * (256 + 128)
    assert told["removed"]["parameters"] == block3 + block1
    assert told["parameters"] == 25_568_360 - block3 - block1
    text = paths(capsys, "resnet_v2_50", "--lesion", "block3/unit_3")
    assert "2^15 = 32,768: one in 2" in text


@pytest.mark.parametrize(
    ("lesion", "words"),
    [
        ("", "names no unit"),
        ("block3", "names no unit"),
        ("block3/unit_9", "there is no such unit"),
        ("\n", "names no unit"),
    ],
)
def test_a_wrong_lesion_is_bad_input(capsys, lesion, words):
    assert main(["paths", "resnet_v2_50", "--lesion", lesion]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("error: --lesion: ")
    assert words in told.err
    assert told.err.count("\n") == 1
