"""The workflow and who may do what: a test for each arrow, each missing arrow, each cell."""

from __future__ import annotations

from itertools import product

import pytest

from incidents import workflow
from incidents.permissions import PERMISSIONS, Act, Reach, Role, reach_of
from incidents.workflow import ARROWS, ENDED, HELD, OPEN, ForbiddenStep, Status, Step, after

ARROW_LIST = """
    verify: R>V
    reject: R>X V>X G>X A>X
    assign: R>G V>G G>G A>G W>G P>G
    accept: G>A
    decline: G>V A>V
    start: G>W A>W
    pause: G>P A>P W>P
    resume: P>W
    claim_done: G>D A>D W>D
    close: D>C S>C
    reopen: D>G C>G
    split: R>S V>S G>S A>S W>S
"""
LETTERS = dict(zip("RVGAWPDSCXM", Status, strict=True))
WANTED = {
    (LETTERS[arrow[0]], Step(name)): LETTERS[arrow[2]]
    for line in ARROW_LIST.split("\n")
    if line.strip()
    for name, arrows in [line.strip().split(": ")]
    for arrow in arrows.split()
}


@pytest.mark.parametrize(("current", "step"), [*product(Status, Step)])
def test_a_step_leads_where_the_list_says_or_is_forbidden(current, step):
    if (current, step) in WANTED:
        assert after(current, step) is WANTED[current, step]
    else:
        with pytest.raises(ForbiddenStep):
            after(current, step)


def test_every_open_state_can_reach_an_end_and_nothing_but_reopening_leaves_one():
    for state in OPEN:
        reached, last = {state}, set()
        while reached != last:
            last = set(reached)
            reached |= {ARROWS[step].target for one in last for step in workflow.steps_from(one)}
        assert reached & ENDED
    assert workflow.steps_from(Status.REJECTED) == frozenset()
    assert workflow.steps_from(Status.CLOSED) == {Step.REOPEN}
    assert workflow.steps_from(Status.MERGED) == frozenset()
    assert Status.MERGED not in OPEN | ENDED
    assert HELD < OPEN


TABLE = """
                    citizen  contractor  ward_staff agency_staff district_operator operator planner leader oversight administrator
    see             public   this        office     agency       area              all      all     all    all       all
    see_contacts    .        .           agency     agency       area              all      .       .      .         all
    read_words      .        this        office     agency       area              all      .       all    all       all
    approve_words   .        .           .          .            area              all      .       .      .         all
    note            .        this        office     agency       area              all      .       .      .         all
    move            .        .           office     agency       area              all      .       .      .         all
    recategorise    .        .           .          .            area              all      .       .      .         all
    delegate        .        .           agency     agency       .                 .        .       .      .         all
    verify          .        .           area       .            area              all      .       .      .         all
    reject          .        .           area       .            area              all      .       .      .         all
    assign          .        .           .          .            area              all      .       .      .         all
    accept          .        .           agency     agency       .                 .        .       .      .         all
    decline         .        .           agency     agency       .                 .        .       .      .         all
    start           .        this        agency     agency       .                 .        .       .      .         all
    pause           .        .           agency     agency       .                 .        .       .      .         all
    resume          .        .           agency     agency       .                 .        .       .      .         all
    claim_done      .        this        agency     agency       .                 .        .       .      .         all
    close           own_report .         .          .            .                 all      .       .      .         all
    reopen          own_report .         .          .            area              all      .       .      .         all
    split           .        .           agency     agency       area              all      .       .      .         all
    merge           .        .           agency     agency       area              all      .       .      .         all
    promise         .        .           agency     agency       .                 .        .       .      .         all
    locate          .        .           .          .            .                 all      .       .      .         all
    rate            own_report .         .          .            .                 .        .       .      .         all
    follow          public   .           .          .            .                 .        .       .      .         all
    see_figures     .        .           .          .            .                 all      all     all    all       all
    see_notices     .        .           .          .            .                 all      .       .      .         all
    see_ledger      .        .           office     agency       area              all      .       all    all       all
"""  # noqa: E501  a table is read across
HEADS, *ROWS = [line.split() for line in TABLE.split("\n") if line.strip()]
CELLS = [
    (Role(role), Act(row[0]), Reach.NONE if cell == "." else Reach(cell))
    for row in ROWS
    for role, cell in zip(HEADS, row[1:], strict=True)
]


@pytest.mark.parametrize(("role", "act", "reach"), CELLS)
def test_a_role_reaches_as_far_as_its_cell_says(role, act, reach):
    assert reach_of(role, act) is reach


def test_the_table_names_every_role_and_act():
    assert {(role, act) for role, act, _ in CELLS} == set(product(Role, Act))
    assert set(PERMISSIONS) == set(Role)
