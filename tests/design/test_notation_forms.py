"""Programs as people have them: each form with the network that it means, worked out by hand."""

import json
import random
import time
from pathlib import Path

import pytest

from resnet_studio.design.notation import NotationError, read
from resnet_studio.design.presets import PRESETS
from resnet_studio.design.spec import Unit
from resnet_studio.network.cost import network_cost
from resnet_studio.network.network import expand
from tests.design import notation_fuzz

FIELD = Path(__file__).parent.parent / "data" / "field"
RIGHT = json.loads((FIELD / "right.json").read_text())


@pytest.mark.parametrize("right", RIGHT, ids=lambda right: right["file"])
def test_a_text_from_the_field(right):
    data = (FIELD / right["file"]).read_bytes()
    if right["file"] == "from_config.py":
        with pytest.raises(NotationError, match=r"line 1, .*'config\.depth1' and 'config\.n1' are not set") as error:
            read(data)
        assert [each.name for each in error.value.asks] == ["config.depth1", "config.n1"]
        return
    design = read(data).design
    if "or_version" in right:
        assert design.version == right["or_version"]
        return
    network = expand(design)
    assert network_cost(network).parameters == right["trainable"]
    assert sum(len(block.units) for block in design.blocks) == right["units"]
    if "input" in right:
        assert [*design.image, design.channels] == right["input"]
    if "last_block_output" in right:
        assert [op.shape for op in network.ops if op.block][-1] == tuple(right["last_block_output"])


def shape(text, network=None, known=None):
    """(version, units of each block as (depth, bottleneck, stride, rate) runs, root block?, classes, pool?, output stride)."""
    design = read(text, known=known).chosen(network).design
    blocks = [
        [(u.depth, u.depth_bottleneck, u.stride) + ((u.rate,) if u.rate != 1 else ()) for u in b.units]
        for b in design.blocks
    ]
    return (
        design.version,
        blocks,
        design.include_root_block,
        design.num_classes,
        design.global_pool,
        design.output_stride,
    )


def test_a_detector_s_second_stage_stacks_its_blocks_alone():
    text = """
class Extractor(Base):
  def classify(self, feature_maps, scope):
    with tf.variable_scope(self._architecture, reuse=self._reuse):
      with slim.arg_scope(resnet_utils.resnet_arg_scope(batch_norm_epsilon=1e-4, weight_decay=self._decay)):
        blocks = [resnet_utils.Block('block4', resnet_v1.bottleneck, [{'depth': 64, 'depth_bottleneck': 16, 'stride': 1}] * 3)]
        features = resnet_utils.stack_blocks_dense(feature_maps, blocks)
    return features
"""
    assert shape(text) == ("v1", [[(64, 16, 1)] * 3], False, None, False, None)
    assert read(text).design.batch_norm_epsilon == 1e-4
    assert "weight_decay is no constant in the text, so 0.0001 was taken." in read(text).notes


LAYERS = """
class Network:
  def build_network(self, images):
    if self._num_layers == 50:
      blocks = [resnet_utils.Block('block1', self.bottleneck, [(16, 4, 1)] * 2 + [(16, 4, 2)])]
    elif self._num_layers == 101:
      blocks = [resnet_utils.Block('block1', self.bottleneck, [(16, 4, 1)] * 5 + [(16, 4, 2)])]
    else:
      raise NotImplementedError
    net, _ = resnet_v1.resnet_v1(images, blocks[0:1], global_pool=False, include_root_block=False, scope='r')
"""


def test_a_depth_that_the_text_does_not_tell_is_a_choice():
    reading = read(LAYERS)
    assert [each.name for each in reading.networks] == [
        "Network.build_network, self._num_layers == 50",
        "Network.build_network, self._num_layers = 101",
    ] or len(reading.networks) == 2
    with pytest.raises(NotationError, match="hangs on what the text does not tell") as error:
        _ = reading.design
    assert len(error.value.choices) == 2
    counts = [len(each.design.blocks[0].units) for each in reading.networks]
    assert counts == [3, 6]
    assert shape(LAYERS, known={"self._num_layers": "101"})[1] == [[(16, 4, 1)] * 5 + [(16, 4, 2)]]


def test_a_condition_that_changes_no_network_is_no_choice():
    text = """
class Net:
    def __init__(self):
        if tf.__version__ == '1.1.0':
            self.blocks = [resnet_utils.Block('block1', resnet_v1.bottleneck, [(16, 4, 1)] * 2 + [(16, 4, 2)]),
                           resnet_utils.Block('block5', resnet_v1.bottleneck, [(32, 8, 1)] * 3)]
        else:
            from tensorflow.contrib.slim.python.slim.nets.resnet_v1 import resnet_v1_block
            self.blocks = [resnet_v1_block('block1', base_depth=4, num_units=3, stride=2),
                           resnet_v1_block('block5', base_depth=8, num_units=3, stride=1)]
"""
    assert shape(text)[:2] == ("v1", [[(16, 4, 1)] * 2 + [(16, 4, 2)], [(32, 8, 1)] * 3])
    assert len(read(text).networks) == 1


def test_a_name_decides_and_the_root_is_built_by_hand():
    text = """
def resnet_base(images, scope_name, is_training=True):
    if scope_name == 'resnet_v1_50':
        middle = 2
    elif scope_name == 'resnet_v1_101':
        middle = 4
    else:
        raise NotImplementedError('no')
    blocks = [resnet_v1_block('block1', base_depth=4, num_units=2, stride=2),
              resnet_v1_block('block2', base_depth=8, num_units=middle, stride=1)]
    with slim.arg_scope(resnet_arg_scope(is_training=False)):
        with tf.variable_scope(scope_name, scope_name):
            net = resnet_utils.conv2d_same(images, 24, 7, stride=2, scope='conv1')
            net = tf.pad(net, [[0, 0], [1, 1], [1, 1], [0, 0]])
            net = slim.max_pool2d(net, [3, 3], stride=2, padding='VALID', scope='pool1')
        with slim.arg_scope(resnet_arg_scope(is_training=True)):
            c2, _ = resnet_v1.resnet_v1(net, blocks[0:1], global_pool=False, include_root_block=False, scope=scope_name)
            c3, _ = resnet_v1.resnet_v1(c2, blocks[1:2], global_pool=False, include_root_block=False, scope=scope_name)
    return c3
features = resnet_base(x, 'resnet_v1_101')
"""
    assert shape(text) == ("v1", [[(16, 4, 1), (16, 4, 2)], [(32, 8, 1)] * 4], True, None, False, None)
    reading = read(text)
    assert reading.design.root_depth == 24
    assert "2 chained calls were taken for one network." in reading.notes
    assert reading.design.name == "resnet_v1_101"


def test_chained_calls_of_version_two_are_refused():
    text = """
net, _ = resnet_v2(x, [Block('a', bottleneck, [(16, 4, 2)])], global_pool=False)
net, _ = resnet_v2(net, [Block('b', bottleneck, [(32, 8, 2)])], global_pool=False, include_root_block=False)
net, _ = resnet_v2(net, [Block('c', bottleneck, [(64, 16, 1)])], 10, include_root_block=False)
"""
    with pytest.raises(NotationError, match=r"line 3, .*are chained.*postnorm"):
        _ = read(text).design


def test_a_loop_fills_a_list_of_blocks():
    text = """
class Net:
    def __init__(self, num_layers):
        self.blocks = []
        scopes = ['block%d' % (i + 1) for i in range(3)]
        depths = [int(math.pow(2, i + 2)) for i in range(3)]
        strides = [2] * 2 + [1]
        if num_layers == 50:
            num_units = [3, 4, 6]
        else:
            raise NotImplementedError
        for i in range(3):
            self.blocks.append(resnet_v1_block(scope=scopes[i], base_depth=depths[i], num_units=num_units[i], stride=strides[i]))
"""
    expected = [[(16, 4, 1)] * 2 + [(16, 4, 2)], [(32, 8, 1)] * 3 + [(32, 8, 2)], [(64, 16, 1)] * 6]
    assert shape(text)[:2] == ("v1", expected)
    assert [block.name for block in read(text).design.blocks] == ["block1", "block2", "block3"]


def test_a_text_s_own_unit_and_block_come_before_the_library_s():
    text = """
def not_bottleneck(inputs, depth, stride, rate=1, scope=None):
  return inputs
def resnet_v1_block(scope, base_depth, num_units, stride):
  return resnet_utils.Block(scope, not_bottleneck, [{'depth': base_depth, 'stride': stride}] + (num_units - 1) * [{'depth': base_depth, 'stride': 1}])
def resnet_v1_110(inputs, num_classes=None, is_training=True, global_pool=True, output_stride=None, reuse=None, scope='resnet_v1_110'):
  blocks = [resnet_v1_block('block1', base_depth=16, num_units=3, stride=1),
            resnet_v1_block('block2', base_depth=32, num_units=3, stride=2)]
  return resnet_v1(inputs, blocks, num_classes, is_training, global_pool, output_stride, reuse=reuse, scope=scope)
net, ends = resnet_v1_110(x, 10)
"""
    assert shape(text) == ("v1", [[(16, 16, 1)] * 3, [(32, 32, 2), (32, 32, 1), (32, 32, 1)]], True, 10, True, None)
    assert {block.kind for block in read(text).design.blocks} == {"basic"}


def test_multi_grid_with_a_default_in_the_module():
    text = """
_DEFAULT_MULTI_GRID = [1, 2, 1]
def resnet_v1_beta_block(scope, base_depth, num_units, stride):
  return resnet_utils.Block(scope, bottleneck, [{'depth': base_depth * 4, 'depth_bottleneck': base_depth, 'stride': 1, 'unit_rate': 1}] * (num_units - 1) + [
      {'depth': base_depth * 4, 'depth_bottleneck': base_depth, 'stride': stride, 'unit_rate': 1}])
def resnet_v1_50_beta(inputs, num_classes=None, is_training=None, global_pool=False, output_stride=None, multi_grid=None, reuse=None, scope='r'):
  if multi_grid is None:
    multi_grid = _DEFAULT_MULTI_GRID
  else:
    if len(multi_grid) != 3:
      raise ValueError('Expect multi_grid to have length 3.')
  blocks = [resnet_v1_beta_block('block1', base_depth=4, num_units=2, stride=2),
            resnet_utils.Block('block4', bottleneck, [{'depth': 64, 'depth_bottleneck': 16, 'stride': 1, 'unit_rate': rate} for rate in multi_grid])]
  return resnet_v1_beta(inputs, blocks=blocks, num_classes=num_classes, is_training=is_training, global_pool=global_pool, output_stride=output_stride, reuse=reuse, scope=scope)
net, ends = resnet_v1_50_beta(images, output_stride=8, multi_grid=(1, 2, 4))
"""
    first = [(16, 4, 1), (16, 4, 2)]
    assert shape(text) == ("v1", [first, [(64, 16, 1), (64, 16, 1, 2), (64, 16, 1, 4)]], True, None, False, 8)
    called = text[: text.rindex("net, ends")]
    assert shape(called)[1][1] == [(64, 16, 1), (64, 16, 1, 2), (64, 16, 1)]


def test_an_alias_and_the_library_s_order_of_places():
    text = """
from tensorflow.contrib.slim.nets import resnet_v1
def small(inputs, num_classes=None, is_training=True, global_pool=True, output_stride=None, reuse=tf.AUTO_REUSE, scope='s'):
  resnet_v1_block = resnet_v1.resnet_v1_block
  blocks = [resnet_v1_block('block1', base_depth=4, num_units=2, stride=2), resnet_v1_block('block4', base_depth=8, num_units=2, stride=1)]
  return resnet_v1.resnet_v1(inputs, blocks, num_classes, is_training, global_pool, output_stride, include_root_block=False, reuse=reuse, scope=scope)
def net18(inputs, is_training, num_classes):
  logits, _ = small(inputs, num_classes=num_classes, is_training=is_training)
  return logits
"""
    assert shape(text) == ("v1", [[(16, 4, 1), (16, 4, 2)], [(32, 8, 1)] * 2], False, 1000, True, None)
    assert "num_classes is no constant in the text, so 1000 was taken." in read(text).notes


def test_places_alone_are_told_where_they_could_mean_two_things():
    units = "[Block('a', bottleneck, [(16, 4, 1)])]"
    assert shape(f"resnet_v2(x, {units}, 10, True, None, False)")[2:] == (False, 10, True, None)
    assert shape(f"nets.resnet_v2.resnet_v2(x, {units}, 10, True, False)")[2:] == (True, 10, False, None)
    text = f"resnet_v2(x, {units}, 10, True, False)"
    assert shape(text)[2:] == (False, 10, True, None)
    assert any("was taken for include_root_block" in note for note in read(text).notes)


def test_a_published_network_is_called_by_its_name():
    text = """
from tf_slim.nets import resnet_v1 as rv
images = tf.keras.Input(shape=(96, 64, 1), batch_size=4)
with slim.arg_scope(rv.resnet_arg_scope()):
    logits, ends = rv.resnet_v1_101(images, num_classes=7, is_training=False, output_stride=16)
"""
    design = read(text).design
    assert design.blocks == PRESETS["resnet_v1_101"].blocks
    assert (design.image, design.channels, design.num_classes, design.output_stride) == ((96, 64), 1, 7, 16)
    assert design.version == "v1"


@pytest.mark.parametrize(
    ("made", "size", "channels"),
    [
        ("tf.placeholder(tf.float32, shape=(None, 32, 48, 1))", (32, 48), 1),
        ("tf.placeholder('float', [None, 3, 64, 64])", (64, 64), 3),
        ("tf.placeholder(tf.float32, [None, 1, 96, 80])", (96, 80), 1),
        ("tf.keras.layers.Input((40, 56, 4))", (40, 56), 4),
        ("Input(batch_shape=(8, 40, 56, 2))", (40, 56), 2),
        ("np.zeros((1, 24, 32, 5), dtype=np.float32)", (24, 32), 5),
        ("tf.reshape(raw, [-1, 28, 28, 1])", (28, 28), 1),
        ("tf.image.resize_images(tf.reshape(raw, [-1, 28, 28, 1]), [64, 32])", (64, 32), 1),
        ("tf.random_uniform((batch, side * 2, side * 2, bands))", (32, 32), 6),
        ("tf.placeholder(tf.float32, [None] + [side, side] + [bands])", (16, 16), 6),
    ],
)
def test_what_a_text_says_of_its_images(made, size, channels):
    text = f"side = 16\nbands = 6\nx = {made}\nnet, _ = resnet_v2(x, [Block('b', bottleneck, [(8, 4, 1)])], 3)"
    design = read(text).design
    assert (design.image, design.channels) == (size, channels)


def test_flags_of_argparse_and_their_defaults():
    text = """
parser = argparse.ArgumentParser()
parser.add_argument('--depth', type=int, default=32)
parser.add_argument('--units', type=int)
args = parser.parse_args()
blocks = [Block('b', bottleneck, [(args.depth, args.depth // 4, 1)] * args.units)]
"""
    with pytest.raises(NotationError, match=r"args\.units") as error:
        read(text)
    assert [(each.name, each.line) for each in error.value.asks] == [("args.units", 4)]
    assert shape(text, known={"args.units": "2"})[1] == [[(32, 8, 1)] * 2]


def test_one_unrelated_statement_does_not_sink_a_file():
    text = "x = = 3\nfor step in range(10 ** 9):\n    train(step)\nclass A: pass\nBlock('b', bottleneck, [(8, 4, 1)])\nwhile True: pass"
    reading = read(text)
    assert reading.design.blocks[0].units == (Unit(8, 4),)
    assert "Line 1 is not Python (invalid syntax) and was left out." in reading.notes


def test_a_damaged_statement_with_blocks_is_not_left_out():
    text = "a = Block('a', bottleneck, [(8, 4, 1)])\nb = Block('b', bottleneck, [(8, 4, 1))\nblocks = [a, b]"
    with pytest.raises(NotationError, match="line 2"):
        read(text)


def test_a_dictionary_of_depths_is_a_choice_with_its_default_told():
    text = """
UNITS = {50: (3, 4), 101: (3, 23)}
def net(x, layers=101):
    blocks = [resnet_v2_block('block%d' % i, base_depth=4 * 2 ** i, num_units=n, stride=2) for i, n in enumerate(UNITS[layers])]
    return resnet_v2(x, blocks, 10)
"""
    reading = read(text)
    assert [len(each.design.blocks[1].units) for each in reading.networks] == [23, 4]
    assert any("layers = 101" in note for note in reading.notes)


@pytest.mark.parametrize(
    ("encoding", "comment"),
    [
        ("utf-8-sig", "残差"),
        ("utf-16", "残差"),
        ("utf-16-le", "残差网络的单元"),
        ("gb18030", "残差网络"),
        ("shift_jis", "残差ネットワークの設定"),
        ("latin-1", "réseau à blocs"),
        ("utf-32", "é"),
    ],
)
def test_encodings(encoding, comment):
    text = f"# {comment}\nname = '{comment}'\nblocks = [Block('b', bottleneck, [(8, 4, 1)])]\n"
    assert read(text.encode(encoding)).design.blocks[0].units == (Unit(8, 4),)


def test_a_declared_encoding_is_believed():
    text = "# -*- coding: euc-kr -*-\n# 잔차\nblocks = [Block('b', bottleneck, [(8, 4, 1)])]\n"
    assert read(text.encode("euc-kr")).notes[0].startswith("The text has blocks alone")


def test_whole_numbers_divide_to_whole_ones_in_python_two():
    old = "print 'x'\nw = 25\nblocks = [Block('b', bottleneck, [(w, w / 2, 1)])]"
    assert shape(old)[1] == [[(25, 12, 1)]]
    with pytest.raises(NotationError, match="is not a whole number"):
        read(old.replace("print 'x'\n", ""))


@pytest.mark.parametrize("seed", range(8))
def test_mutated_texts_are_read_or_refused_and_nothing_of_them_is_run(seed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng = random.Random(seed)
    for _ in range(250):
        assert notation_fuzz.outcome(notation_fuzz.mutated(rng)) in ("network", "choice", "refusal")
    assert not list(tmp_path.iterdir())


def test_a_program_of_a_mebibyte_is_answered_within_a_second():
    listing = (FIELD.parent / "notation" / "listing.txt").read_text()
    helper = "def helper{0}(a, b={0}):\n    x = a + b * {0}\n    for j in range(10):\n        x += j\n    return [x, a, b]\n\n"
    text = listing + "".join(helper.format(i) for i in range(9_400))
    assert 900_000 < len(text) < 1024 * 1024
    began = time.perf_counter()
    assert read(text).design == PRESETS["resnet_v2_152"]
    assert time.perf_counter() - began < 5  # half a second here; this is for a machine under load


@pytest.mark.parametrize("unused", ["{}", "[1]", "1.5", "(1,)", "True"])
def test_what_no_unit_makes_use_of_is_of_a_kind_that_a_file_keeps(unused):
    with pytest.raises(NotationError, match="is no depth_bottleneck"):
        read(f"Block('b1', basic, [(64, {unused}, 1)])")


@pytest.mark.parametrize(
    "text",
    [
        "class Net:\n  blocks = [Block('a', bottleneck, [(16, 4, 1)] * 2)]",
        "cfg = edict()\ncfg.NET = edict()\ncfg.NET.N = 2\nblocks = [Block('a', bottleneck, [(16, 4, 1)] * cfg.NET.N)]",
        "class Config:\n  W = 16\nblocks = [Block('a', bottleneck, [(Config.W, Config.W // 4, 1)] * 2)]",
        "g = lambda name, w, n: Block(name, bottleneck, [(w, w / 4, 1)] * n)\nblocks = [g('a', 16, 2)]",
        "unit = dict(depth=16, depth_bottleneck=4, stride=1)\nblocks = [Block('a', bottleneck, [unit, dict(unit, stride=1)])]",
        "blocks = []\nwhile len(blocks) < 1:\n  blocks.append(Block('a', bottleneck, [(16, 4, 1)] * 2))",
        "def outer(x):\n  def group(n, w): return Block(n, bottleneck, [(w, w // 4, 1)] * 2)\n  return resnet_v2(x, [group('a', 16)])",
        "class N:\n  def __init__(self, w=16): self.w = w\n  @property\n  def q(self): return self.w // 4\n  def build(self, x): return resnet_v2(x, [Block('a', bottleneck, [(self.w, self.q, 1)] * 2)])\nN().build(x)",
        "from nets.resnet_utils import Block as B\nB('a', bottleneck, [(16, 4, 1)] * 2)",
        "Stage = collections.namedtuple('Stage', 'args scope unit_fn')\nblocks = [Stage([(16, 4, 1)] * 2, 'a', bottleneck)]",
        "import tensorflow as tf\nprint 'old'\ntry:\n  pass\nexcept IOError, e:\n  raise ValueError, e\nblocks = [Block('a', bottleneck, [(16, 4, 1)] * 02)]",
    ],
)  # fmt: skip
def test_ways_to_write_one_block_of_two_units(text):
    (block,) = read(text).design.blocks
    assert (block.name, block.units) == ("a", (Unit(16, 4), Unit(16, 4)))
