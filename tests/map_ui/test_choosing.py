"""Options of long lists: in groups, the chosen one marked, whatever their names hold."""

from __future__ import annotations

from django.template import Context, Template

GROUPS = [("Sở & ban", [("a", "Sở <A>"), ("b", "Sở B")]), ("", [("c", "C")])]


def drawn(template, **context):
    return Template("{% load choosing %}" + template).render(Context(context))


def test_the_chosen_one_is_marked_and_no_other():
    options = drawn("{% options choices chosen %}", choices=GROUPS[0][1], chosen="b")
    assert options == (
        '<option value="a">Sở &lt;A&gt;</option><option value="b" selected>Sở B</option>'
    )


def test_without_a_choice_none_is_marked():
    assert "selected" not in drawn("{% options choices missing %}", choices=GROUPS[0][1])


def test_a_group_has_its_name_and_one_without_a_name_is_no_group():
    options = drawn("{% option_groups groups chosen %}", groups=GROUPS, chosen="c")
    assert options.startswith('<optgroup label="Sở &amp; ban"><option value="a">')
    assert options.endswith('</option></optgroup><option value="c" selected>C</option>')
