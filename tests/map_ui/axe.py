"""What axe finds on a page that not everyone can use: the rules of WCAG 2.2 AA."""

from __future__ import annotations

from pathlib import Path

AXE = Path(__file__).resolve().parents[2] / "var" / "front_end_test" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = [*WCAG, "best-practice"]
# Whatever is right it would describe too, part by part: three quarters of its time.
RUN = """tags => axe.run({runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})
    .then(({ violations }) => violations)"""


def violations(page, rules=RULES):
    """Return a line for each part of the page that breaks a rule: the rule, the part and why."""
    if page.evaluate("typeof axe") == "undefined":
        page.add_script_tag(path=AXE)
    return [
        f"{one['id']}: {node['html'][:200]} {' '.join(node['failureSummary'].split())[:300]}"
        for one in page.evaluate(RUN, rules)
        for node in one["nodes"]
    ]
