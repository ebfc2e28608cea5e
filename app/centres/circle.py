"""The 15-minute circle (15分钟办事圈): who has an open hall within 15 minutes on foot.

The city has given no addresses. In their place stand the points of a grid, 250 m apart, in the built-up area,
for which we take what lies within 2 km of any hall; every point counts the same, people are not counted.
The distance is as the crow flies, so real ways are longer.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WALK_M_PER_S = 1.2
MINUTES = 15
REACH_M = round(WALK_M_PER_S * MINUTES * 60)  # 1,080 m
AREA_M = 2000
STEP_M = 250
_DEGREE_M = 111_195  # one degree of a meridian

Place = tuple[float, float]
Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Circle:
    """How many of the sampled points have an open hall within reach."""

    within: int
    points: int


def walking_minutes(distance_m: int) -> int:
    """How long a way takes on foot at 1.2 m/s, in whole minutes, begun ones counted."""
    return math.ceil(distance_m / WALK_M_PER_S / 60)


def circle(halls: Sequence[Place], *, open_halls: Sequence[Place]) -> Circle:
    """Sample the area around all halls; places are (lat, lng) in degrees."""
    if not halls:
        return Circle(0, 0)
    # One plane for the whole city: its error is far below a step of the grid.
    stretch = math.cos(math.radians(sum(lat for lat, _ in halls) / len(halls)))
    area = {cell for hall in halls for cell in _cells(_flat(hall, stretch), within_m=AREA_M, step_m=STEP_M)}
    near = _by_square([_flat(hall, stretch) for hall in open_halls])
    within = sum(_is_near((row * STEP_M, column * STEP_M), near) for row, column in area)
    return Circle(within, len(area))


def _flat(place: Place, stretch: float) -> Place:
    """Metres north and east of the origin of the grid, which is the same for every list of halls."""
    return place[0] * _DEGREE_M, place[1] * _DEGREE_M * stretch


def _cells(middle: Place, *, within_m: int, step_m: int) -> Iterator[Cell]:
    (row, column), reach = (round(part / step_m) for part in middle), within_m // step_m + 1
    for north in range(row - reach, row + reach + 1):
        for east in range(column - reach, column + reach + 1):
            if math.dist(middle, (north * step_m, east * step_m)) <= within_m:
                yield north, east


def _by_square(halls: Sequence[Place]) -> dict[Cell, list[Place]]:
    squares: dict[Cell, list[Place]] = defaultdict(list)
    for north, east in halls:
        squares[int(north // REACH_M), int(east // REACH_M)].append((north, east))
    return squares


def _is_near(point: Place, squares: dict[Cell, list[Place]]) -> bool:
    row, column = int(point[0] // REACH_M), int(point[1] // REACH_M)
    return any(
        math.dist(point, hall) <= REACH_M
        for north in (row - 1, row, row + 1)
        for east in (column - 1, column, column + 1)
        for hall in squares.get((north, east), ())
    )
