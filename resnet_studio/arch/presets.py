"""The published networks, as TF-Slim defines them: `resnet_v2_50` to `resnet_v2_200`."""

from __future__ import annotations

from .spec import Design, block

_UNITS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3), 200: (3, 24, 36, 3)}
_DEPTHS = ((256, 64, 2), (512, 128, 2), (1024, 256, 2), (2048, 512, 1))


def resnet_v2(layers: int) -> Design:
    """ResNet V2 of 50, 101, 152 or 200 layers.   He et al. 2016a, table 1; TF-Slim: `resnet_v2_50` and so on."""
    blocks = tuple(
        block(f"block{i}", count, *depths)
        for i, (count, depths) in enumerate(zip(_UNITS[layers], _DEPTHS, strict=True), start=1)
    )
    return Design(f"resnet_v2_{layers}", blocks)


PRESETS: dict[str, Design] = {design.name: design for design in map(resnet_v2, _UNITS)}
