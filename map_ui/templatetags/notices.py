"""What pages need to know of notices: the key for web push, dead letters, links in messages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django import template
from django.conf import settings
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from incidents import notices
from incidents.notifications.carriers.web_push import public_key

register = template.Library()


@register.simple_tag
def push_key() -> str:
    """Return the public key that a browser's subscription is bound to."""
    return public_key()


@register.simple_tag
def dead_letters() -> int:
    """Return how many notices were given up."""
    return notices.how_many_dead()


@register.simple_tag
def inbox_there() -> bool:
    """Tell whether there is a page of what would have gone out."""
    return notices.inbox_there()


@register.filter
def linked(text: str) -> SafeString:
    """Return a message with its links to this site, which go to the server that shows it."""
    site = settings.WARDWISE_PUBLIC_URL.rstrip("/")
    parts = re.split(rf"({re.escape(site)}[^\s]*)", text)
    return mark_safe(  # noqa: S308  every part is escaped
        "".join(
            format_html('<a href="{}">{}</a>', part.removeprefix(site) or "/", part)
            if part.startswith(site)
            else conditional_escape(part)
            for part in parts
        )
    )


@register.simple_tag
def word(words: Mapping[str, Promise | str], name: str) -> str:
    """Return what a code is called; the code where it is called nothing."""
    return str(words.get(name, name))
