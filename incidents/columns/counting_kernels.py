"""Counting one range of position codes on a grid, as kernels. Pure.

Rows go in blocks: what each is worth is looked up first, for a whole block, so that the processor
never guesses; then it is added by cell. Rows are sorted by code, so a cell of any grid is a run of
them. Where runs are long hardly a code is read: their ends are looked for in steps that double
(J. L. Bentley, A. C.-C. Yao, "An almost optimal algorithm for unbounded searching", 1976).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis_core.orientation import compiled

Codes = NDArray[np.int64]
Counts = NDArray[np.int32]
Shorts = NDArray[np.uint16]

BLOCK = 4096
OPEN = 15
"""A row's worth is 1, and ``1 << OPEN`` more where it is open: a block's sum fits 30 bits."""
SENSITIVE = 1 << 30
"""What a row of a sensitive kind is worth: the bits below it add to no cell."""
SHOWN = SENSITIVE - 1
LONG_RUN = 8
"""Rows in a cell, on the average, from which on it is quicker to look for the ends of runs."""
SLOT_BITS = 7
SLOT_OPEN = 1 << SLOT_BITS
"""Added to the slot of a sensitive kind that is open."""


class Part(NamedTuple):
    """The rows of one range of codes."""

    code: Codes
    kind: Shorts
    day: Shorts
    agency: Shorts
    ward: Shorts


class Question(NamedTuple):
    """A filter as the kernels read it."""

    worth: Counts
    """By kind: 0 does not count."""
    slot: NDArray[np.uint8]
    """By kind: its category's number among the sensitive ones, and SLOT_OPEN."""
    slots: int
    days: Shorts
    """First and last, both included; empty: every day."""
    agencies: NDArray[np.bool_]
    """Empty: every one."""
    wards: NDArray[np.bool_]


class Grid(NamedTuple):
    """Where counts go: cells in the curve's own order, from code ``first`` on."""

    first: int
    fine_shift: int
    coarse_shift: int
    fine: Counts
    """Shape (2, cells): how many in all, how many of them open."""


@compiled
def count(part: Part, asked: Question, grid: Grid) -> Codes:
    """Add rows sorted by code to the grid; return the sensitive ones, grouped but not yet judged.

    Shape (n, 4): coarse cell, slot, how many in all, how many open. A group may come twice.
    """
    value, few = np.empty(BLOCK, np.int32), np.empty(BLOCK + 1, np.uint32)
    slots = np.zeros((max(asked.slots, 1), 2), np.int64)
    groups, many, last = np.empty((BLOCK, 4), np.int64), 0, -1
    slot_of, inside = asked.slot, (1 << grid.coarse_shift) - 1
    for begin in range(0, len(part.code), BLOCK):
        code, kind = part.code[begin : begin + BLOCK], part.kind[begin : begin + BLOCK]
        _look_up(part, asked, begin, value)
        _add(code, value, grid.first, grid.fine_shift, grid.fine)
        if many + BLOCK + len(slots) > len(groups):
            groups = _longer(groups)
        for row in few[: _sensitive(value[: len(code)], few)]:
            if code[row] > last:
                many = _flush(last >> grid.coarse_shift, slots, groups, many)
                last = int(code[row]) | inside
            slot = slot_of[kind[row]]
            slots[slot & (SLOT_OPEN - 1), 0] += 1
            slots[slot & (SLOT_OPEN - 1), 1] += slot >> SLOT_BITS
    many = _flush(last >> grid.coarse_shift, slots, groups, many)
    return groups[:many]


@compiled
def count_changes(part: Part, weight: NDArray[np.int8], asked: Question, grid: Grid) -> Codes:
    """Add rows in any order, each ``weight`` times; return sensitive ones as ``count`` does."""
    value = np.empty(BLOCK, np.int32)
    groups, many = np.empty((len(part.code), 4), np.int64), 0
    for begin in range(0, len(part.code), BLOCK):
        _look_up(part, asked, begin, value)
        for row in range(begin, min(begin + BLOCK, len(part.code))):
            worth, times = value[row - begin], weight[row]
            if worth & SENSITIVE:
                slot = asked.slot[part.kind[row]]
                groups[many, 0] = part.code[row] >> grid.coarse_shift
                groups[many, 1], groups[many, 2] = slot & (SLOT_OPEN - 1), times
                groups[many, 3] = times * (slot >> SLOT_BITS)
                many += 1
            else:
                cell = (part.code[row] - grid.first) >> grid.fine_shift
                grid.fine[0, cell] += times * (worth & ((1 << OPEN) - 1))
                grid.fine[1, cell] += times * (worth >> OPEN)
    return groups[:many]


@compiled
def tally(part: Part, asked: Question, number: Shorts, counts: Codes) -> None:
    """Add to ``counts`` (by number, 65,536) how many rows of each number count one by one."""
    value = np.empty(BLOCK, np.int32)
    for begin in range(0, len(number), BLOCK):
        _look_up(part, asked, begin, value)
        some = number[begin : begin + BLOCK]
        for row in range(len(some)):
            counts[some[row]] += value[row] & ((1 << OPEN) - 1)


@compiled
def chosen(part: Part, asked: Question) -> Codes:
    """Return the places of the rows that count one by one."""
    value, found = np.empty(BLOCK, np.int32), np.empty(len(part.code) + 1, np.int64)
    many = 0
    for begin in range(0, len(part.code), BLOCK):
        _look_up(part, asked, begin, value)
        for row in range(begin, min(begin + BLOCK, len(part.code))):
            # Always written, sometimes overwritten by the next: quicker than to ask.
            found[many] = row
            many += value[row - begin] & 1
    return found[:many]


@compiled
def _longer(groups: Codes) -> Codes:
    longer = np.empty((2 * len(groups) + BLOCK, 4), np.int64)
    longer[: len(groups)] = groups
    return longer


@compiled
def _flush(coarse: int, slots: Codes, groups: Codes, many: int) -> int:
    """Write a coarse cell's groups, empty the slots; return how many groups there are."""
    for slot in range(len(slots)):
        if slots[slot, 0] != 0:
            groups[many, 0], groups[many, 1] = coarse, slot
            groups[many, 2], groups[many, 3] = slots[slot, 0], slots[slot, 1]
            slots[slot, 0] = slots[slot, 1] = 0
            many += 1
    return many


@compiled
def _look_up(part: Part, asked: Question, begin: int, value: Counts) -> None:
    """Write what a block's rows are worth."""
    kind, worth = part.kind[begin : begin + BLOCK], asked.worth
    for row in range(len(kind)):
        value[row] = worth[kind[row]]
    if len(asked.days):
        first, last, day = asked.days[0], asked.days[1], part.day[begin : begin + BLOCK]
        for row in range(len(day)):
            value[row] *= (day[row] >= first) & (day[row] <= last)
    if len(asked.agencies):
        _keep(value, part.agency[begin : begin + BLOCK], asked.agencies)
    if len(asked.wards):
        _keep(value, part.ward[begin : begin + BLOCK], asked.wards)


@compiled
def _keep(value: Counts, number: Shorts, listed: NDArray[np.bool_]) -> None:
    for row in range(len(number)):
        value[row] *= listed[number[row]]


@compiled
def _sensitive(value: Counts, few: NDArray[np.uint32]) -> int:
    """Write which rows of a block are sensitive; return how many."""
    many = np.uint32(0)
    for row in range(len(value)):
        # Always written, sometimes overwritten by the next: quicker than to ask.
        few[many] = row
        many += np.uint32(value[row]) >> np.uint32(30)
    return int(many)


@compiled
def _add(code: Codes, value: Counts, first: int, shift: int, fine: Counts) -> None:
    """Add a block's rows to their cells."""
    low = (1 << OPEN) - 1
    if (((code[-1] - code[0]) >> shift) + 1) * LONG_RUN > len(code):
        for row in range(len(code)):
            cell, worth = (code[row] - first) >> shift, value[row] & SHOWN
            fine[0, cell] += worth & low
            fine[1, cell] += worth >> OPEN
        return
    at = 0
    while at < len(code):
        cell = (code[at] - first) >> shift
        end = run_end(code, at, first + ((cell + 1) << shift) - 1)
        total = np.int32(0)
        for row in range(at, end):
            total += value[row]
        fine[0, cell] += total & low
        fine[1, cell] += (total & SHOWN) >> OPEN
        at = end


@compiled
def run_end(code: Codes, begin: int, last: int) -> int:
    """Return the first place after ``begin`` whose code is above ``last``; codes are sorted."""
    step, low, high = 1, begin, begin + 1
    while high < len(code) and code[high] <= last:
        low = high
        step *= 2
        high += step
    high = min(high, len(code))
    while low + 1 < high:
        middle = (low + high) >> 1
        if code[middle] <= last:
            low = middle
        else:
            high = middle
    return high
