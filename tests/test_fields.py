"""Every field of the tables through every door: a change of it is seen in all that reads a design or a plan."""

from dataclasses import fields, replace

import pytest

from resnet_studio.bench.job import Job, decode_job, encode_job
from resnet_studio.bench.plan import PLAN, TimingPlan, validate_plan
from resnet_studio.bench.vary import vary
from resnet_studio.cli.parser import parse
from resnet_studio.cli.plan import read_plan
from resnet_studio.design import notation
from resnet_studio.design.design_fields import BLOCK, DESIGN, UNIT
from resnet_studio.design.design_json import DesignInFile, design_to_json
from resnet_studio.design.files import load, save
from resnet_studio.design.spec import Block, Design, Unit, block
from resnet_studio.design.validate import validate
from resnet_studio.network.diff import diff, differences
from resnet_studio.network.network import expand
from resnet_studio.network.operations import variables
from resnet_studio.picture.palette import LIGHT
from resnet_studio.picture.picture import make_picture
from resnet_studio.picture.svg import to_svg
from resnet_studio.source.graph_text import to_graphml
from resnet_studio.source.python_source import to_keras_python, to_tensorflow_python

ONE = Design("first", (block("block1", 2, 16, 4, 2), block("block2", 2, 32, 8, 1)), (64, 64), 10)
# Another sound value of each field, and what of the network does not follow it: it is told elsewhere.
CHANGED = {
    "name": "other", "image": (32, 48), "channels": 1, "num_classes": None, "output_stride": 4, "root_depth": 8,
    "weight_decay": 0.5, "batch_norm_decay": 0.5, "batch_norm_epsilon": 0.01, "global_pool": False,
    "include_root_block": False, "conv_biases": False, "batch_norm_scale": False, "root": "cifar", "stride_conv": "conv1",
    "version": "v1",
}  # fmt: skip
OF_UNITS = {"depth": 24, "depth_bottleneck": 6, "stride": 3, "rate": 2}
NOT_IN_OPS = {"name", "weight_decay"}  # of the network as a whole: the engine's variables and objective read them
NOT_DRAWN = {"name", "weight_decay", "batch_norm_decay", "batch_norm_epsilon"}  # no box, line or figure says so


def changed(name):
    if name in OF_UNITS:
        units = (replace(ONE.blocks[1].units[0], **{name: OF_UNITS[name]}), ONE.blocks[1].units[1])
        if name == "rate":
            units = tuple(replace(unit, rate=2) for unit in ONE.blocks[1].units)
        return ONE.with_block(1, Block("block2", units))
    return replace(ONE, **{name: CHANGED[name]})


def shape_of(network):
    return [(op, variables(op)) for op in network.ops], network.output


def test_the_tables_have_every_field_and_no_other():
    assert [f.name for f in DESIGN if f.name in {g.name for g in fields(Design)}] == [f.name for f in DESIGN]
    assert {f.name for f in DESIGN} == {f.name for f in fields(Design)} - {"blocks"} == set(CHANGED)
    assert {f.name for f in UNIT} == {f.name for f in fields(Unit)} == set(OF_UNITS)
    assert {f.name for f in BLOCK} == {"name", "units", "kind"}
    assert {f.name for f in PLAN} == {f.name for f in fields(TimingPlan)}
    assert all(field.label and field.help and not field.help.endswith(".") for field in (*DESIGN, *UNIT, *BLOCK, *PLAN))


@pytest.mark.parametrize("name", [*CHANGED, *OF_UNITS])
def test_a_field_of_a_design_goes_through_every_door(name, tmp_path):
    design = changed(name)
    assert validate(design) == ()
    # the design file
    save(design, tmp_path / "design.json")
    assert load(tmp_path / "design.json") == design
    assert design_to_json(design) != design_to_json(ONE)
    assert set(design_to_json(design)) <= set(DesignInFile.__struct_fields__)
    # the notation
    text = notation.format(design)
    assert text != notation.format(ONE)
    assert notation.parse(text) == design
    # the network, which costs, facts, picture and engine read
    before, after = expand(ONE), expand(design)
    assert (shape_of(before) == shape_of(after)) == (name in NOT_IN_OPS)
    # the picture
    drawn = [
        to_svg(make_picture(network, "layers"), LIGHT).replace(network.design.name, "") for network in (before, after)
    ]
    assert (drawn[0] == drawn[1]) == (name in NOT_DRAWN)
    # both programs, and the graph
    for write in (to_keras_python, to_tensorflow_python):
        assert write(before) != write(after), write.__name__
    assert (to_graphml(before) == to_graphml(after)) == (name in NOT_DRAWN - {"name"})
    # the differences
    found = diff(before, after)
    assert (name in [option for option, _, _ in found.options]) == (name in CHANGED and name != "name")
    assert bool(differences(found)) == (name not in NOT_IN_OPS)
    # a job on its way to the engine
    job = Job(design, TimingPlan())
    assert decode_job(encode_job(job)) == job


@pytest.mark.parametrize("field", DESIGN, ids=lambda field: field.name)
def test_a_wrong_value_of_a_field_is_told_with_its_place_and_what_is_allowed(field):
    wrong = replace(ONE, **{field.name: object()})
    [problem] = [p for p in validate(wrong) if p.place.field == field.name]
    assert problem.message.startswith("<object object at ")
    assert problem.remedy.endswith(".")


def test_what_a_comparison_may_vary_is_what_the_tables_say():
    job = Job(ONE, TimingPlan())
    for field in (*DESIGN, *PLAN):
        value = {"channels": "1", "output_stride": "4", "version": "plain"}.get(field.name) or {
            "batch": "7", "device": "CPU", "seed": "3", "intra_op_threads": "1", "inter_op_threads": "1",
            "batch_norm": "training", "precision": "bfloat16", "compiler": "xla", "input": "step",
        }.get(field.name)  # fmt: skip
        assert (value is not None) == field.varies, field.name
        if value is not None:
            other = vary(job, f"{field.option_name}={value}")
            assert other != job or field.name == "device"


@pytest.mark.parametrize("field", PLAN, ids=lambda field: field.name)
def test_a_field_of_a_plan_goes_through_the_terminal_and_to_the_engine(field):
    typed = {
        "modes": "forward", "batch": "7", "burn_in": "3", "steps": "9", "until_precise": "1.5", "max_seconds": "8",
        "device": "CPU", "intra_op_threads": "1", "inter_op_threads": "1", "seed": "5", "batch_norm": "training",
        "precision": "bfloat16", "compiler": "xla", "input": "step", "profile": None,
    }[field.name]  # fmt: skip
    words = ["bench", "resnet_v2_18", f"--{field.option_name}", *([typed] if typed else [])]
    if field.name == "max_seconds":
        words += ["--until-precise", "1"]
    plan = read_plan(parse(words))
    assert validate_plan(plan) == ()
    assert (getattr(plan, field.name) == getattr(TimingPlan(), field.name)) == (field.name == "device")
    assert decode_job(encode_job(Job(ONE, plan))).plan == plan
    wrong = replace(TimingPlan(), **{field.name: object()})
    assert any(problem.place.field == field.option_name for problem in validate_plan(wrong))
