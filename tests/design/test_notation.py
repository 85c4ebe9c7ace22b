"""The Slim notation: what is read, what is refused and where, and that what is written is read again."""

import random
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

from resnet_studio.design import notation
from resnet_studio.design.disk import FileError
from resnet_studio.design.files import find_design
from resnet_studio.design.notation import NotationError, parse, read
from resnet_studio.design.notation.source import MAX_CHARACTERS
from resnet_studio.design.presets import PRESETS
from resnet_studio.design.spec import Block, Design, Unit, block
from resnet_studio.design.validate import DesignError, validate

LISTING = (Path(__file__).parent.parent / "data" / "notation" / "listing.txt").read_text()
LINES = LISTING.splitlines()
CALL = "    net, end_points = resnet_v2_152(inputs, 1000)"
BLOCK = "Block('b', bottleneck, [(8, 4, 1)])"
# Blocks alone: TF-Slim's default is no classes.
ONE = Design("resnet_v2", (Block("b", (Unit(8, 4, 1),)),), num_classes=None)
SIZE = "The text does not say how large the images are, so 224 x 224 and 3 channels were taken."
ALONE = "The text has blocks alone: a root block, pooling and no classes were taken."


def told(text):
    """The design that a text is read as, and what a person is told of it."""
    reading = read(text)
    return reading.design, reading.notes


# The blocks of tests/data/golden, as they would stand in a program for TF-Slim.
GOLDEN = {
    "no_root": """[
        Block('block1', bottleneck, [(16, 4, 1)] * 3),
        Block('block2', bottleneck, [(32, 8, 2)] + [(32, 8, 1)] * 2),
        Block('block3', bottleneck, [(64, 16, 2)] + [(64, 16, 1)] * 2)]""",
    "thin50_64px": """[
        resnet_v2_block('block1', base_depth=8, num_units=3, stride=2),
        resnet_v2_block('block2', base_depth=16, num_units=4, stride=2),
        resnet_v2_block('block3', base_depth=32, num_units=6, stride=2),
        resnet_v2_block('block4', base_depth=64, num_units=3, stride=1)]""",
}


def test_the_golden_blocks_in_the_notation(golden):
    case, design = golden
    written = GOLDEN.get(case["case"]) or "[" + ", ".join(
        f"slim.Block('{each.name}', resnet_{design.version}.bottleneck, {[(u.depth, u.depth_bottleneck, u.stride) for u in each.units]})"
        for each in design.blocks
    ) + "]"  # fmt: skip
    text = f"""
height, width = {case["size"]}
images = tf.placeholder(tf.float32, (None, height, width, {design.channels}))
blocks = {written}
net, end_points = resnet_{design.version}(images, blocks, {case["num_classes"]}, global_pool={case["global_pool"]},
                            include_root_block={case["include_root_block"]}, output_stride={design.output_stride})
"""
    assert parse(text, design.name) == design


# ---- the round trip -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_comes_back_as_it_was(name):
    assert told(notation.format(PRESETS[name])) == (PRESETS[name], ())


def random_design(rng):
    """Any sound design: every option, mixed units, names at the limits of what a name may be."""

    def name(number):
        return "".join(rng.choices("aZ09._-", k=rng.randrange(20))).lstrip("_-") + f"x{number}"

    def unit():
        return Unit(rng.randint(1, 8192), rng.randint(1, 8192), rng.choice((1, 1, 1, 2, 3, 8)))

    def units():
        count = rng.choice((1, 2, 3, 4, 16, 60))
        match rng.randrange(3):
            case 0:
                return tuple(unit() for _ in range(count))
            case 1:
                return tuple(rng.choices((unit(), unit()), k=count))
        return block("", count, rng.randint(1, 8192), 64, 2, rng.choice(("first", "last"))).units

    return Design(
        name(0),
        tuple(
            Block(name(1 + i), units(), rng.choice(("bottleneck", "basic")))
            for i in range(rng.choice((1, 2, 4, 4, 5, 64)))
        ),
        image=(rng.randint(8, 2048), rng.randint(8, 2048)),
        num_classes=rng.choice((None, 1, 10, 1000, 100_000)),
        global_pool=rng.random() < 0.5,
        include_root_block=rng.random() < 0.5,
        root=rng.choice(("imagenet", "cifar")),
        root_depth=rng.choice((64, rng.randint(1, 8192))),
        conv_biases=rng.random() < 0.5,
        stride_conv=rng.choice(("conv1", "conv2")),
        weight_decay=rng.choice((1e-4, 0, 1, rng.random(), 5e-324)),
        batch_norm_decay=rng.choice((0.997, 0, 1.0, rng.random())),
        batch_norm_epsilon=rng.choice((1e-5, 1e-12, 1, rng.random() + 1e-12)),
        batch_norm_scale=rng.random() < 0.5,
    )


@pytest.mark.parametrize("seed", range(200))
def test_any_sound_design_comes_back_as_it_was(seed):
    design = random_design(random.Random(seed))
    assert not validate(design)
    text = notation.format(design)
    assert parse(text) == design
    assert notation.format(parse(text)) == text


def test_the_largest_designs_come_back():
    widest = tuple(
        Block(f"{'b' * 60}{i}", tuple(Unit(8192 - j % 7, 8192, 1 + j % 2) for j in range(62))) for i in range(64)
    )
    longest = (Block("a", tuple(Unit(8192 - i % 2000, 8192) for i in range(2000))), Block("b", (Unit(1, 1, 8),) * 2000))
    for design in (Design("d" * 64, widest), Design("d", longest)):
        assert not validate(design)
        assert parse(notation.format(design)) == design


def test_what_no_unit_makes_use_of_is_kept():
    design = replace(ONE, blocks=(Block("b", (Unit(8, 0, 1), Unit(8, -7, 1)), "basic"),))
    assert not validate(design)
    assert parse(notation.format(design)) == design


def test_what_no_unit_makes_use_of_is_a_number_all_the_same():
    """Anything else could be read and not be kept in a file, as an empty dictionary once was."""
    design = replace(ONE, blocks=(Block("b", (Unit(8, {}, 1), Unit(8, None, 1)), "basic"),))
    assert [str(problem) for problem in validate(design)] == [
        "b, unit_1, depth_bottleneck: {} is not a whole number. Use 1 to 8,192 channels.",
        "b, unit_2, depth_bottleneck: None is not a whole number. Use 1 to 8,192 channels.",
    ]


def test_it_is_written_as_a_person_would():
    text = notation.format(replace(PRESETS["resnet_v2_50"], weight_decay=5e-4, root_depth=32))
    assert "    Block('block3', bottleneck, [(1024, 256, 1)] * 5 + [(1024, 256, 2)]),\n" in text
    assert text.endswith("""
with slim.arg_scope(resnet_arg_scope(weight_decay=0.0005)):
    net, end_points = resnet_v2(
        inputs, blocks, num_classes=1000, global_pool=True, include_root_block=True, scope='resnet_v2_50',
        root_depth=32)
""")


def test_a_design_with_problems_is_not_written():
    with pytest.raises(DesignError, match="b, unit_1, depth: 'deep' is not a whole number"):
        notation.format(replace(ONE, blocks=(Block("b", (Unit("deep", 4),)),)))


# ---- the listing ----------------------------------------------------------------------------------------------------


def test_the_whole_listing_becomes_its_design():
    reading = read(LISTING)
    assert reading.design == PRESETS["resnet_v2_152"]
    assert reading.notes == (
        "resnet_v2_152 was taken: the text calls it. There is also resnet_v2_50, resnet_v2_101, resnet_v2_200.",
    )


@pytest.mark.parametrize("layers", [50, 101, 152, 200])
def test_the_network_that_the_listing_calls_is_taken(layers):
    text = LISTING.replace(CALL, f"    net, end_points = resnet_v2_{layers}(inputs, num_classes=10, global_pool=False)")
    assert parse(text) == replace(PRESETS[f"resnet_v2_{layers}"], num_classes=10, global_pool=False)


def test_a_listing_that_calls_no_network():
    reading = read(LISTING.replace(CALL, "    pass"))
    assert reading.design == replace(PRESETS["resnet_v2_50"], num_classes=None)
    why = "it is the first, and the text calls none"
    assert reading.notes == (
        f"resnet_v2_50 was taken: {why}. There is also resnet_v2_101, resnet_v2_152, resnet_v2_200.",
        "num_classes is None, so the network has no logits, as in TF-Slim.",
    )


def test_a_call_inside_a_function_or_below_a_condition_counts():
    main = "def main():\n    net, _ = resnet_v2_101(inputs, 1000)\n\n\nif __name__ == '__main__':\n    main()"
    assert parse(LISTING.replace(CALL, "    pass") + main) == PRESETS["resnet_v2_101"]
    loop = "for i in range(3):\n    if i:\n        net, _ = resnet_v2_101(inputs, 1000)"
    assert parse(LISTING.replace(CALL, "    pass") + loop) == PRESETS["resnet_v2_101"]


def test_the_arg_scope_of_a_call_or_of_its_definition():
    text = LISTING.replace("weight_decay=0.0001", "weight_decay=0.0005")
    assert parse(text).weight_decay == 0.0005
    text = text.replace(
        "is_training=False", "False, batch_norm_decay=0.9, batch_norm_epsilon=1e-3, batch_norm_scale=False"
    )
    given = {"weight_decay": 5e-4, "batch_norm_decay": 0.9, "batch_norm_epsilon": 1e-3, "batch_norm_scale": False}
    assert parse(text) == replace(PRESETS["resnet_v2_152"], **given)
    named = (
        f"scope = slim.resnet_arg_scope(weight_decay=2e-4)\nwith slim.arg_scope(scope):\n  resnet_v2(i, [{BLOCK}], 9)"
    )
    assert parse(named) == replace(ONE, weight_decay=2e-4, num_classes=9)


def test_the_image_is_what_the_network_is_given():
    assert parse(LISTING.replace("width = 224, 224", "width = 299, 320")).image == (299, 320)
    assert parse(LISTING.replace("(batch_size, height, width, 3)", "[None, 96, 64, 3]")).image == (96, 64)


def paste(*, definition=50, tail=()):
    start = next(i for i, line in enumerate(LINES) if f"def resnet_v2_{definition}(" in line)
    return "\n".join(LINES[start : start + 8] + list(tail))


def test_one_function_alone():
    text = paste().replace("num_classes=None", "num_classes=21").replace("scope='resnet_v2_50'", "scope='mine'")
    assert told(text) == (replace(PRESETS["resnet_v2_50"], num_classes=21, name="mine"), (SIZE,))
    assert parse(text.replace(", scope='mine'", ", scope=None")).name == "resnet_v2_50"
    assert told(paste().replace("num_classes=None", "num_classes")) == (
        PRESETS["resnet_v2_50"], ("num_classes is no constant in the text, so 1000 was taken.", SIZE)
    )  # fmt: skip


def test_the_form_of_the_tf_slim_library():
    text = """
def resnet_v2_block(scope, base_depth, num_units, stride):
  return resnet_utils.Block(scope, bottleneck, [{
      'depth': base_depth * 4,
      'depth_bottleneck': base_depth,
      'stride': 1
  }] * (num_units - 1) + [{
      'depth': base_depth * 4,
      'depth_bottleneck': base_depth,
      'stride': stride
  }])
resnet_v2.default_image_size = 224

def resnet_v2_50(inputs, num_classes=None, is_training=True, global_pool=True, output_stride=None,
                 spatial_squeeze=True, reuse=None, scope='resnet_v2_50'):
  blocks = [
      resnet_v2_block('block1', base_depth=64, num_units=3, stride=2),
      resnet_v2_block('block2', base_depth=128, num_units=4, stride=2),
      resnet_v2_block('block3', base_depth=256, num_units=6, stride=2),
      resnet_v2_block('block4', base_depth=512, num_units=3, stride=1),
  ]
  return resnet_v2(inputs, blocks, num_classes, is_training=is_training, global_pool=global_pool,
                   output_stride=output_stride, include_root_block=True, spatial_squeeze=spatial_squeeze,
                   reuse=reuse, scope=scope)
resnet_v2_50.default_image_size = resnet_v2.default_image_size
"""
    assert parse(text) == replace(PRESETS["resnet_v2_50"], num_classes=None)
    reading = read(text + "net, _ = resnet_v2_50(x, 1000, output_stride=16)")
    assert reading.design == replace(PRESETS["resnet_v2_50"], output_stride=16)
    assert reading.notes == (SIZE,)


def test_later_fields_are_written_and_read_back():
    units = (Unit(8, 4, 1), Unit(8, 4, 1, 2), Unit(8, 4, 1, 4))
    for design in (
        replace(ONE, channels=1, output_stride=4, version="v1"),
        replace(ONE, name="p", version="plain"),
        replace(ONE, blocks=(Block("b", units), Block("c", (Unit(9, 9, 1, 3),), "basic"))),
    ):
        assert parse(notation.format(design)) == design
    assert "resnet_v1(\n" in notation.format(replace(ONE, version="v1"))
    assert "{'depth': 8, 'depth_bottleneck': 4, 'stride': 1, 'unit_rate': 2}" in notation.format(
        replace(ONE, blocks=(Block("b", units),))
    )


def test_a_function_of_the_library_that_gives_its_arguments_by_their_places():
    text = """
def resnet_v2_50(inputs, num_classes=7, is_training=True, global_pool=False, output_stride=None, reuse=None,
                 scope='resnet_v2_50'):
  blocks = [resnet_v2_block('b', base_depth=2, num_units=1, stride=1)]
  return resnet_v2(inputs, blocks, num_classes, is_training, global_pool, output_stride,
                   include_root_block=False, reuse=reuse, scope=scope)
"""
    expected = Design("resnet_v2_50", (Block("b", (Unit(8, 2, 1),)),), (224, 224), 7, False, False)
    assert told(text) == (expected, (SIZE,))


# ---- forms of lists -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        BLOCK,
        f"[{BLOCK}]",
        f"({BLOCK},)",
        f"{BLOCK},",
        f"blocks = [{BLOCK}]",
        f"blocks: list = [{BLOCK}]",
        f"b = {BLOCK}\nother = [b]\nblocks = other + []",
        f"blocks = []\nblocks += [{BLOCK}]",
        "resnet_utils.Block('b', resnet_v2.bottleneck, ((8, 4, 1),))  # a comment",
        "tf.contrib.slim.nets.resnet_utils.Block(args=[(8, 4, 1)], unit_fn=bottleneck_v2, scope='b')",
        "Block('b', bottleneck, [{'stride': 1, 'depth': 8, 'depth_bottleneck': 4}])",
        "resnet_v2_block('b', 2, num_units=1, stride=1)",
        "depth = 4\nBlock('b', bottleneck, [(((depth * 2)), (depth), +1)])",
        "a, (b, c) = 8, (4, 1)\nBlock('b', bottleneck, [(a, b, c)])",
        "units = [(8, 3 + 2 - 1, 9 // 9)]\nBlock('b', bottleneck, units * 1 + 0 * units)",
        f"def blocks():\n    return [{BLOCK}]",
        f">>> blocks = [\n...     {BLOCK}]\n",
        f"In [12]: blocks = [\n    ...:     {BLOCK}]\n",
        f"As the paper says:\n\n```python\n{BLOCK}\n```\nwhich is small.",
        f"```bash\npip install tf_slim\n```\n```\n{BLOCK}\n```\n",
        f"    blocks = [\n        {BLOCK}]\n",
        f"blocks = [\n        {BLOCK}]\n    print(blocks)",
        f"%matplotlib inline\n{BLOCK}",
        f"\ufeff\xa0{BLOCK}\r\n",
        f"import os; os.system('never')\nx = lambda: 1\n{BLOCK}",
    ],
)  # fmt: skip
def test_forms_of_one_block(text):
    expected = ONE
    if "resnet_v2_block" in text:
        expected = replace(ONE, blocks=(Block("b", (Unit(8, 2, 1),)),))
    if text.startswith("def"):
        expected = replace(ONE, name="blocks")
    assert parse(text) == expected


def test_basic_units():
    two = (Block("b", (Unit(8, 8, 1), Unit(8, 8, 2)), "basic"),)
    for units in ("[(8, 1), (8, 2)]", "[(8, 8, 1), (8, 8, 2)]", "[{'depth': 8, 'stride': 1}] + [(8, 2)]"):
        for function in ("basic", "net.basic_v2", "basic_block"):
            assert parse(f"Block('b', {function}, {units})").blocks == two


def test_blocks_one_below_the_other():
    assert [
        b.name for b in parse("Block('a', bottleneck, [(1, 1, 1)]),\nBlock('b', bottleneck, [(1, 1, 1)]),").blocks
    ] == [
        "a",
        "b",
    ]


def test_the_blocks_are_the_ones_of_that_name():
    reading = read(f"first = [{BLOCK}]\nblocks = [{BLOCK}]\nsmall = [{BLOCK}]")
    assert reading.notes == ("The blocks in blocks were taken. There are also first, small.", ALONE, SIZE)


def test_numbers_out_of_range_are_left_to_validate():
    (problem,) = validate(parse("Block('b', bottleneck, [(8, 4, -1)])"))
    assert str(problem) == "b, unit_1, stride: -1 is out of range. Use 1 to 8."


# ---- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("", 1, 1, "the text is empty. Expected blocks, such as Block('block1', bottleneck, "),
        ("x = 1", 1, 1, "there are no blocks in the text. Expected blocks, such as Block("),
        ("import os\nos.system('true')", 1, 1, "there are no blocks in the text."),
        ("Block('b'", 1, 6, "'(' was never closed. Expected Python text with blocks, such as"),
        ("one\n two words", 2, 6, "invalid syntax"),
        ("Block('b', os.system, [(1, 1, 1)])", 1, 12, "'os.system' is not a kind of unit. Expected bottleneck or basic."),
        ("Block('b', getattr(x, 'bottleneck'), [])", 1, 12, "is not a kind of unit"),
        ("__import__('os').system('true')", 1, 1, "can't be called here. Expected Block(...) or resnet_v2_block(...)."),
        ("__import__('os').Block('b', bottleneck, [])", 1, 1, "can't be called here"),
        ("blocks = build(3)", 1, 10, "'build' can't be called here"),
        (f"[{BLOCK},\n  open('x')]", 2, 3, "'open' can't be called here"),
        ("Block('b', bottleneck, eval('[(1, 1, 1)]'))", 1, 24, "'eval' can't be called here"),
        ("Block('é', bottleneck,\t[(1, n, 1)])", 1, 29, "'n' is not set to a constant above. Expected a constant."),
        ("Block('b', bottleneck, [(1, 1)])", 1, 25, "'(1, 1)' is not a unit. Expected (depth, depth_bottleneck, stride)."),
        ("Block('b', bottleneck, [(1, 1, 1, 1)])", 1, 25, "is not a unit"),
        ("Block('b', bottleneck, (1, 1, 1))", 1, 25, "1 is not a unit"),
        ("Block('b', bottleneck, [(1, 1, 1.5)])", 1, 32, "1.5 is not a whole number. Expected a whole number."),
        ("Block('b', bottleneck, [(1, True, 1)])", 1, 29, "True is not a whole number"),
        ("d = 'x'\nBlock('b', bottleneck, [(d, 1, 1)])", 1, 5, "'x' is not a whole number"),
        ("Block('b', bottleneck, 3)", 1, 24, "3 is not a list of units. Expected a list of (depth, "),
        ("Block(3, bottleneck, [])", 1, 7, "3 is not a name. Expected the block's name in quotes."),
        ("Block('b', bottleneck)", 1, 1, "args is missing. Expected Block(scope, unit_fn, args)."),
        ("Block('b', bottleneck, [], 4)", 1, 28, "4 is one argument too many. Expected Block(scope, unit_fn, args)."),
        ("Block('b', bottleneck, [], scope='c')", 1, 28, "scope is given twice"),
        ("Block('b', bottleneck, arg=[])", 1, 24, "there is no argument arg. Expected Block(scope, unit_fn, args)."),
        ("Block(*x)", 1, 7, "'*x' is not read here"),
        ("Block(**x)", 1, 7, "there is no argument **"),
        ("Block('b', bottleneck, [{'depth': 1, 'rate': 2}])", 1, 38, "'rate' is no key of a unit here. Expected 'depth', "),
        ("Block('b', bottleneck, [{'depth': 1, 'stride': 2}])", 1, 25, "lacks its depth_bottleneck"),
        ("Block('b', bottleneck, [{**x}])", 1, 28, "'x' is no key of a unit here"),
        ("Block('b', bottleneck, [(1, 1, 1)] * 'a')", 1, 24, "can't be worked out here"),
        ("Block('b', bottleneck, [(1 / 0, 1, 1)])", 1, 26, "'1 / 0' has no value"),
        (f"x = [{BLOCK} for i in y]", 1, 51, "'y' is not set to a constant above. Expected a constant."),
        (f"blocks = []\nfor i in y:\n  blocks += [{BLOCK}]", 2, 10, "'y' is not set to a constant above. Expected"),
        (f"print({BLOCK})", 1, 1, "'print' can't be called here"),
        (f"x = (y := {BLOCK})", 1, 6, "is not read here"),
        (f"x = lambda: {BLOCK}", 1, 5, "is not read here"),
        ("[(1, 1, 1)] * 2", 1, 1, "there is no block in '[(1, 1, 1)] * 2'"),
        (f"[{BLOCK}, 3]", 1, 39, "3 is not a block"),
        ("resnet_v2(x)", 1, 1, "blocks is missing"),
        (f"resnet_v2(x, [{BLOCK}], classes=3)", 1, 53, "there is no argument classes. Expected resnet_v2(inputs, "),
        (f"resnet_v2(x, [{BLOCK}], 'ten')", 1, 53, "'ten' is no value of num_classes. Expected a whole number or None."),
        (f"resnet_v2(x, [{BLOCK}], global_pool=1)", 1, 65, "1 is no value of global_pool. Expected True or False."),
        ("def f(x):\n  f(x)\n  return resnet_v2(x, [])\nf(3)", 1, 1, "nested too deeply"),
        (f">>> {BLOCK}\n>>> Block('c', d, [])", 2, 16, "'d' is not a kind of unit"),
    ],
)  # fmt: skip
def test_what_is_refused_is_told_with_its_place(text, line, column, says):
    with pytest.raises(NotationError) as error:
        parse(text)
    assert str(error.value).startswith(f"line {line}, column {column}: ")
    assert (error.value.line, error.value.column) == (line, column)
    assert says in str(error.value)
    assert str(error.value).endswith(f"Expected {error.value.expected}.")


@pytest.mark.parametrize(
    "text",
    [
        "Block('b', bottleneck, [(256, 64, 1)] * 1000000000)",
        "Block('b', bottleneck, 1000000000 * [(256, 64, 1)])",
        "[(256, 64, 1)] * 1000000000",
        "Block('b', bottleneck, [(1, 1, 1)] * 2000 * 2000)",
        "Block('b', bottleneck, [(1, 1, 1)] * 1500 + [(1, 1, 1)] * 1500)",
        "Block('b', bottleneck, [(1, 1, 1)] * -1)",
        "a = [(1, 1, 1)] * 2\n" + "a = a * 2\n" * 40 + "Block('b', bottleneck, a)",
        "n = 9\n" + "n = n * n\n" * 40 + "Block('b', bottleneck, [(n, 1, 1)])",
        "resnet_v2_block('b', 64, 1000000000, 2)",
        f"[{BLOCK}] * 65",
        f"{BLOCK}\n" * 65,
        f"blocks = [{BLOCK}] * 2000\n",
        "u = [(1, 1, 1)] * 2000\n" + "v = Block('b', bottleneck, u)\n" * 3000,
        "Block('b', bottleneck, [(1e400, 1, 1)])",
        "Block('b', bottleneck, [(1, 1, 0x" + "f" * 100_000 + ")])",
        "9" * 10**7,
        "9" * 10**5,
        "Block('b', bottleneck, [(" + "9" * 10**4 + ", 1, 1)])",
        "(" * 10_000,
        "[" * 150 + BLOCK + "]" * 150,
        "-" * 100_000 + "1",
        "-" * 2_000 + "1",
        "not " * 30_000 + "1",
        "lambda:" * 10_000 + "1",
        "x" + ".x" * 50_000,
        "x" + "()" * 50_000,
        "x" + "[0]" * 40_000,
        "1" + "+1" * 60_000,
        "2**" * 40_000 + "2",
        "1 if 1 else " * 10_000 + "1",
        "if a:\n pass\n" + "elif b:\n pass\n" * 8_000,
        "".join(" " * i + "if 1:\n" for i in range(99)) + (" " * 99 + "x = y\n") * 500,
        "x = " * 30_000 + "1",
        "x;" * 60_000,
        'f"' + "{a}" * 40_000 + '"',
        "{" * 200 + "}" * 200,
        "Block('b', bottleneck, [(1, 1, 1)])\0",
        "\ud800",
        "\\",
        "'''",
        "\t\n \x0c\n",
        "f(" * 90 + ")" * 90,
        "(x := 1)",
        "[x for x in y]",
        "await x",
        "yield",
        "{1: 2}",
        "...",
        "b'x'",
        "1j",
        "".join(f"def f{i}(x):\n return f{i + 1}(x) or resnet_v2(x, [])\n" for i in range(1_000)) + "f0(1)",
        " " * (MAX_CHARACTERS + 1),
    ],
    ids=lambda text: repr(text[:40]),
)  # fmt: skip
def test_what_is_hostile_is_refused_quickly(text):
    began = time.perf_counter()
    with pytest.raises(NotationError) as error:
        parse(text)
    assert time.perf_counter() - began < 10  # about a second here; this is for a machine under load
    assert re.fullmatch(r"line \d+, column \d+: .+\. Expected .+\.", str(error.value))
    assert len(str(error.value)) < 400


def test_long_sums_are_no_deep_nesting():
    text = "Block('b', bottleneck, [(1, 1, 1)]" + " + [(1, 1, 1)]" * 1_500 + ")"
    assert len(parse(text).blocks[0].units) == 1_501


# ---- files ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["net.txt", "net.py", "net", "net.slim"])
def test_a_file_in_the_notation(tmp_path, name):
    (tmp_path / name).write_text(f"blocks = [{BLOCK}]")
    assert find_design(str(tmp_path / name)) == replace(ONE, name="net")
    (tmp_path / name).write_text(LISTING)
    assert find_design(str(tmp_path / name)) == PRESETS["resnet_v2_152"]


def test_a_file_whose_name_can_name_no_network(tmp_path):
    (tmp_path / "my net.txt").write_text(BLOCK)
    assert find_design(str(tmp_path / "my net.txt")) == ONE


def test_a_file_that_is_no_notation(tmp_path):
    path = tmp_path / "net.txt"
    path.write_text("blocks = [\n  Block('b', os.system, [])]")
    with pytest.raises(FileError) as error:
        find_design(str(path))
    assert (
        str(error.value)
        == f"{path}: line 2, column 14: 'os.system' is not a kind of unit. Expected bottleneck or basic."
    )
    path.write_text('{"format": 3}')
    with pytest.raises(FileError, match="is not a ResNet Studio design"):
        find_design(str(path))


# ---- the document ---------------------------------------------------------------------------------------------------

ROOT = Path(__file__).parents[2]


def test_the_map_of_the_listing_names_what_there_is():
    text = (ROOT / "docs" / "listing.md").read_text()
    named = re.findall(r"((?:`\w+`(?:, | and )?)+) in `(\w+/\w+\.py)`", text)
    assert len(named) > 20
    for names, path in named:
        source = (ROOT / "resnet_studio" / path).read_text()
        for name in re.findall(r"`(\w+)`", names):
            assert re.search(rf"^(?:def |class |    )?{name}\b[:( =]", source, re.MULTILINE), (name, path)
    for field in re.findall(r"`(\w+)` of `Design`", text):
        assert field in Design.__dataclass_fields__


def test_the_map_of_the_listing_names_each_of_its_functions():
    rows = [line.split("|")[1] for line in (ROOT / "docs" / "listing.md").read_text().splitlines() if line[:1] == "|"]
    for name in re.findall(r"^(?:def|class) (\w+)", LISTING, re.MULTILINE):
        assert any(f"`{name}" in row for row in rows), name
