"""Whatever raised or lowered a confidence is told in words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from districts.geocoding import reasons

CODE = Path(reasons.__file__).parent
A_CODE = re.compile(r"[a-z]+(_[a-z0-9]+)*")


def codes():
    """Return every code that stands after ``why=`` or in a function whose name ends with why."""
    for path in sorted(CODE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            told = isinstance(node, ast.keyword) and node.arg == "why"
            telling = isinstance(node, ast.FunctionDef) and node.name.endswith("_why")
            if told or telling:
                yield from _words(node)


def _words(node):
    docs = {
        id(one.body[0].value)
        for one in ast.walk(node)
        if isinstance(one, ast.FunctionDef) and isinstance(one.body[0], ast.Expr)
    }
    texts = (one for one in ast.walk(node) if isinstance(one, ast.Constant) and id(one) not in docs)
    yield from (str(one.value) for one in texts if A_CODE.fullmatch(str(one.value)))


@pytest.mark.parametrize("code", sorted(set(codes())))
def test_every_reason_has_words(code):
    assert reasons.in_words(code)


def test_there_are_reasons():
    assert "name_known" in set(codes())
    assert reasons.in_words("no such reason") == ""
