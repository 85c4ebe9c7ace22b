"""What of a picture lies on what: computed on its paths and rectangles, not on pixels."""

import itertools
import math

import numpy as np
from scipy.spatial import cKDTree

STEP = 2.0  # points between samples of a path
NEAR = 1.8  # points: nearer than that two lines are one


def samples(path, step=STEP):
    """Points along a path, about `step` apart; an arrow head is left out."""
    pieces, here, began = [], None, False
    for command, *numbers in path:
        end = np.array(numbers[-2:])
        if command == "M":
            if began:
                break
            began = True
        else:
            control = np.array(numbers[:2]) if command == "Q" else (here + end) / 2
            count = max(int(math.dist(here, control) + math.dist(control, end)) // int(step), 1)
            t = np.linspace(0.0, 1.0, count, endpoint=False)[:, None]
            pieces.append((1 - t) ** 2 * here + 2 * t * (1 - t) * control + t * t * end)
        here = end
    return np.concatenate([*pieces, here[None]])


def runs_along(picture, most=10.0):
    """Pairs of lines, at least one a shortcut, that share a stretch of more than `most` points."""
    points = [samples(line.path) for line in picture.lines]
    owner = np.repeat(np.arange(len(points)), [len(each) for each in points])
    pairs = cKDTree(np.concatenate(points)).query_pairs(NEAR, output_type="ndarray")
    a, b = owner[pairs[:, 0]], owner[pairs[:, 1]]
    shortcut = np.array([line.kind != "main" for line in picture.lines])
    met = (a != b) & (shortcut[a] | shortcut[b])
    # Of each pair of lines, the points of the one that lie on the other.
    shared = np.unique(
        np.stack([np.minimum(a, b), np.maximum(a, b), np.where(a < b, pairs[:, 0], pairs[:, 1])])[:, met], axis=1
    )
    lines, counts = np.unique(shared[:2], axis=1, return_counts=True)
    return [(picture.lines[i], picture.lines[j], count * STEP)
            for (i, j), count in zip(lines.T, counts, strict=True) if count * STEP > most]  # fmt: skip


def runs_through(picture):
    """(line, box) where a line touches a box that it does not belong to."""
    rects = np.array([box.rect for box in picture.boxes])
    order = np.argsort(rects[:, 0])
    lefts, widest = rects[order, 0], rects[:, 2].max()
    found = []
    for line in picture.lines:
        points = samples(line.path)
        low, high = points.min(0), points.max(0)
        near = order[np.searchsorted(lefts, low[0] - widest) : np.searchsorted(lefts, high[0], "right")]
        near = near[(rects[near, 1] < high[1]) & (rects[near, 1] + rects[near, 3] > low[1])]
        for number in near:
            box = picture.boxes[number]
            if box.name not in line.ends and inside(points, box.rect).any():
                found.append((line, box))
    return found


def inside(points, rect, margin=0.5):
    """Which points lie in a rectangle by more than `margin`."""
    x, y, width, height = rect
    within_x = (points[:, 0] > x + margin) & (points[:, 0] < x + width - margin)
    return within_x & (points[:, 1] > y + margin) & (points[:, 1] < y + height - margin)


def overlaps(rects):
    """Pairs of names whose rectangles overlap."""
    ordered = sorted(rects, key=lambda each: each[1][0])
    found, open_ = [], []
    for name, rect in ordered:
        open_ = [other for other in open_ if other[1][0] + other[1][2] > rect[0] + 0.1]
        found += [(other, name) for other, old in open_
                  if old[1] < rect[1] + rect[3] - 0.1 and rect[1] < old[1] + old[3] - 0.1]  # fmt: skip
        open_.append((name, rect))
    return found


def words(picture):
    """(what, rectangle) of everything that words are written in."""
    found = [(f"box {box.name}", box.rect) for box in picture.boxes]
    found += [(f"badge {line.ends} {line.kind}", line.badge_rect) for line in picture.lines if line.badge]
    texts = itertools.chain(picture.texts, *(band.texts for band in picture.bands))
    return [*found, *((f"text {text.text}", text.rect) for text in texts)]
