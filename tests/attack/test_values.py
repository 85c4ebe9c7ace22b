"""Each hostile value in each field of a design and of a plan: told about in a sentence, or kept, never an exception."""

from dataclasses import fields, replace

import pytest

from resnet_studio.bench.job import Job, decode_job, encode_job
from resnet_studio.bench.plan import TimingPlan, validate_plan
from resnet_studio.design.bounds import BOUNDS
from resnet_studio.design.spec import Block, Design, Unit
from resnet_studio.design.validate import validate
from resnet_studio.network.network import expand
from resnet_studio.picture.graph import build_graph
from resnet_studio.picture.layout import layouts_for
from tests.attack.hostile import JSON_TEXTS, SINGLE, around
from tests.attack.keeps import LONGEST_MESSAGE, check_types, is_drawn

UNITS = (Unit(16, 8), Unit(16, 8, 2))
SMALL = Design("small", (Block("b1", UNITS), Block("b2", (Unit(32, 8),), "basic")), (32, 32), 10)


def with_value(field, value):
    """SMALL with a value in one field, of the design, of its first block or of that one's last unit."""
    block, kind, name = SMALL.blocks[0], *field
    if kind is Design:
        return replace(SMALL, **{name: (value, 32) if name == "image" else value})
    if kind is Block:
        return SMALL.with_block(0, replace(block, **{name: value}))
    return SMALL.with_block(0, replace(block, units=(UNITS[0], replace(UNITS[1], **{name: value}))))


FIELDS = [
    (kind, field.name)
    for kind, without in ((Design, {"blocks"}), (Block, {"units", "typed_count"}), (Unit, set()))
    for field in fields(kind)
    if field.name not in without
]
NAMES = [f"{kind.__name__}.{name}" for kind, name in FIELDS]


@pytest.mark.parametrize("field", FIELDS, ids=NAMES)
def test_a_value_in_a_designs_field_is_taken_or_told_about(field):
    kind, name = field
    sound = {Design: SMALL, Block: SMALL.blocks[0], Unit: UNITS[1]}[kind]
    values = {
        **SINGLE,
        "its own": 32 if name == "image" else getattr(sound, name),
        **(around(BOUNDS[field[1]]) if field[1] in BOUNDS else {}),
    }
    taken = 0
    for name, value in values.items():
        design = with_value(field, value)
        problems = validate(design)
        hash(design)
        for problem in problems:
            assert len(str(problem)) <= LONGEST_MESSAGE, name
            str(problem).encode(errors="surrogatepass")
        if not problems:
            taken += 1
            for part in (design, *design.blocks, *(unit for block in design.blocks for unit in block.units)):
                check_types(part)
    assert 0 < taken < len(values), "all was taken or nothing: the test looks at nothing"


@pytest.mark.parametrize("field", FIELDS, ids=NAMES)
@pytest.mark.parametrize("value", [10**400, "<img src=x>", "w" * 300, None], ids=["large", "markup", "long", "None"])
def test_a_design_with_a_faulty_field_is_drawn_at_every_detail(field, value):
    is_drawn(with_value(field, value))


@pytest.mark.parametrize("layout", layouts_for(build_graph(expand(SMALL))))
def test_a_design_with_nothing_sound_in_it_is_drawn_in_every_layout(layout):
    for field, value in (((Design, "image"), 0), ((Design, "root_depth"), "x"), ((Block, "name"), "&<b>")):
        is_drawn(with_value(field, value), (layout,))
    is_drawn(replace(SMALL, blocks=()), (layout,))
    is_drawn(replace(SMALL, blocks=(Block("", ()),)), (layout,))


@pytest.mark.parametrize("field", [field.name for field in fields(TimingPlan)])
def test_a_value_in_a_plans_field_is_taken_or_told_about(field):
    plan = TimingPlan(until_precise=2.0) if field == "max_seconds" else TimingPlan()
    bound = around(BOUNDS[field]) if field in BOUNDS else {}
    for name, value in {**SINGLE, **bound, "modes": ("forward",), "list": [], "object": {}}.items():
        changed = replace(plan, **{field: (value,) if field == "modes" and name != "modes" else value})
        problems = validate_plan(changed)
        for problem in problems:
            assert len(str(problem)) <= LONGEST_MESSAGE, name
        if not problems:
            assert decode_job(encode_job(Job(SMALL, changed))).plan == changed, name


@pytest.mark.parametrize("name", JSON_TEXTS)
def test_a_job_of_hostile_json_is_refused_in_a_sentence(name):
    line = '{"design": %s, "plan": {"modes": ["forward"], "batch": %s}}'
    for text in (JSON_TEXTS[name], line % ("{}", JSON_TEXTS[name]), line % (JSON_TEXTS[name], 1)):
        with pytest.raises(ValueError, match=r"\S") as refused:
            decode_job(text)
        assert len(str(refused.value)) <= LONGEST_MESSAGE
