"""Tags that every page uses: a moment, a span of time, an icon, an outside link."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()


@register.simple_tag
def moment(value: datetime | None, never: str = "") -> SafeString:
    """A point in time; in UTC until a script puts it into the reader's own zone."""
    if value is None:
        return format_html("<span>{}</span>", never or _("never"))
    at = value.astimezone(UTC)
    return format_html(
        '<time datetime="{}" data-moment>{}</time>',
        at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        at.strftime("%d %b %Y, %H:%M UTC"),
    )


@register.filter
def lasting(value: timedelta) -> str:
    """A span of time in words, as exact as a person needs it."""
    seconds = value.total_seconds()
    if seconds < 10:
        return _("%(seconds).1f seconds") % {"seconds": seconds}
    if seconds < 60:
        return _("%(seconds)d seconds") % {"seconds": seconds}
    minutes = round(seconds / 60)
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A picture of our own sprite, for the eye only: words stand beside it."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"></use></svg>',
        css,
        static("shell/icons.svg"),
        name,
    )


@register.filter
def web_address(value: str) -> str:
    """The address if a browser may be led there, or nothing."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return ""
    return value if parts.scheme in ("http", "https") and parts.netloc else ""
