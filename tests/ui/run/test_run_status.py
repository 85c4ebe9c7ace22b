"""The line that tells of a run, and its bar."""

import pytest

from resnet_studio.bench.events import PhaseBegan, Step
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.ui.run.run_progress import RunProgress
from resnet_studio.ui.run.run_status import RunStatus
from resnet_studio.ui.widgets.progress_bar import ThinProgressBar


@pytest.mark.parametrize(("share", "value"), [(0.0, 0), (0.25, 250), (1.0, 1000), (10.0**17, 1000), (-1.0, 0)])
def test_the_bar_is_full_at_the_most(qtbot, share, value):
    bar = ThinProgressBar()
    qtbot.addWidget(bar)
    bar.set_share(share, 1.0)
    assert bar.value() == value


def test_a_step_far_beyond_those_asked_for_leaves_the_line_standing(qtbot):
    status = RunStatus()
    qtbot.addWidget(status)
    progress = RunProgress(TimingPlan(steps=10), 0.0)
    progress.take(PhaseBegan("steps", "forward"), 0.0)
    progress.take(Step("forward", 10**17, 1_000_000, False), 1.0)
    status.show_progress(progress, 2.0, stopping=False)
    assert status.bar.value() == 1000
    assert status.count.text() == "step 100,000,000,000,000,001/10"
    assert status.left.text().startswith("0:00 left")
