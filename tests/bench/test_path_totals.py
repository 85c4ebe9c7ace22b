import math

import pytest

from resnet_studio.bench.path_events import PathGradient
from resnet_studio.bench.path_totals import carrying_band, gradient_shares


def counts(units):
    return {k: math.comb(units, k) for k in range(units + 1)}


def test_a_gradient_that_shrinks_by_a_factor_is_a_binomial():
    """Norms of 1/4 for each unit: the total is a binomial of share 1/5, whose middle 95 % are the paper's 5 to 17."""
    gradients = [PathGradient(k, [0.25**k, 0.25**k]) for k in range(55)]
    shares = gradient_shares(gradients, counts(54))
    assert sum(shares.values()) == pytest.approx(1)
    assert all(share == pytest.approx(math.comb(54, k) * 0.2**k * 0.8 ** (54 - k)) for k, share in shares.items())
    assert carrying_band(shares) == (5, 17)


def test_the_mean_norm_counts():
    shares = gradient_shares([PathGradient(0, [1.0]), PathGradient(1, [1.0, 3.0])], {0: 1, 1: 2})
    assert shares == pytest.approx({0: 0.2, 1: 0.8})


def test_huge_counts_and_vanished_gradients():
    shares = gradient_shares(
        [PathGradient(0, [0.0]), PathGradient(2000, [1e-300]), PathGradient(1000, [0.1])], counts(4000)
    )
    assert shares == {1000: pytest.approx(0.0), 2000: pytest.approx(1.0)} or shares[1000] + shares[
        2000
    ] == pytest.approx(1)
    assert 0 not in shares
    assert gradient_shares([PathGradient(0, [0.0])], {0: 1}) == {}
    assert carrying_band({3: 1.0}) == (3, 3)
