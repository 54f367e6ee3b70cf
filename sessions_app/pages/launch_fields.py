"""The fields of a new session's form that say what its pages see and how they reach the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from sessions_app.engine.config import Geolocation, Proxy
from sessions_app.models import OnClientClose, WhileControlled
from sessions_app.services.alike import KEPT
from sessions_app.services.options import MAX_PROXY_TEXT

if TYPE_CHECKING:
    from sessions_app.services.facts import SessionFacts

SCHEMES = {"": "The browser's own", "light": "Light", "dark": "Dark", "no-preference": "No preference"}
BLOCKS = {"ads": "Ads and trackers", "images": "Images", "fonts": "Fonts", "media": "Audio and video"}
CLIENT_CLOSES = {
    OnClientClose.DETACH: "The session goes on",
    OnClientClose.RELEASE: "The session is released",
}
CONTROLLED = {WhileControlled.REFUSE: "They are refused", WhileControlled.WAIT: "They wait"}
PLACE = ("latitude", "longitude", "accuracy")
# By the names that the service knows them by.
NAMES = {
    "geolocation.latitude": "latitude",
    "geolocation.longitude": "longitude",
    "geolocation.accuracy": "accuracy",
    "proxy.server": "proxy_server",
    "proxy.bypass": "proxy_bypass",
    "proxy.username": "proxy_username",
    "proxy.password": "proxy_password",
}


def text(
    label: str, *, max_length: int | None = None, placeholder: str = "", hint: str = ""
) -> forms.CharField:
    attrs = {"placeholder": placeholder, "autocomplete": "off", "spellcheck": "false"}
    widget = forms.TextInput(attrs)
    return forms.CharField(label=label, required=False, max_length=max_length, widget=widget, help_text=hint)


def _degrees(label: str, limit: int) -> forms.FloatField:
    return forms.FloatField(label=label, required=False, min_value=-limit, max_value=limit)


class LaunchFields(forms.Form):
    """`like` names the session whose secrets are taken over where the form leaves them out."""

    color_scheme = forms.ChoiceField(label="Colour scheme", required=False, choices=SCHEMES.items)
    latitude = _degrees("Latitude", 90)
    longitude = _degrees("Longitude", 180)
    accuracy = forms.FloatField(label="Accuracy (m)", required=False, min_value=0, max_value=1e6)
    proxy_server = text("Proxy", max_length=MAX_PROXY_TEXT, placeholder="http://proxy.example:3128")
    proxy_bypass = text(
        "Past the proxy go", max_length=MAX_PROXY_TEXT, placeholder="localhost, *.example.com"
    )
    proxy_username = text("Proxy user", max_length=MAX_PROXY_TEXT)
    proxy_password = forms.CharField(
        label="Proxy password",
        required=False,
        strip=False,
        max_length=MAX_PROXY_TEXT,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    headers = forms.CharField(
        label="Headers",
        required=False,
        widget=forms.Textarea({"rows": 3, "placeholder": "X-Team: red", "spellcheck": "false"}),
        help_text="Sent with every request; one a line.",
    )
    block = forms.MultipleChoiceField(
        label="Do not load", required=False, choices=BLOCKS.items, widget=forms.CheckboxSelectMultiple
    )
    ignore_https_errors = forms.BooleanField(
        label="Accept certificates that nobody vouches for", required=False
    )
    show_cursor = forms.BooleanField(label="Draw a mouse pointer into the page", required=False)
    on_client_close = forms.ChoiceField(
        label="When a client closes the browser", required=False, choices=CLIENT_CLOSES.items
    )
    while_controlled = forms.ChoiceField(
        label="Calls while a person steers", required=False, choices=CONTROLLED.items
    )
    init_scripts = forms.BooleanField(label="Its init scripts", required=False)
    like = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        place = [name for name in PLACE if cleaned.get(name) is not None]
        for name in ("latitude", "longitude"):
            if place and cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, "A place needs it.")
        spoken = [name for name in ("bypass", "username", "password") if cleaned.get(f"proxy_{name}")]
        if spoken and not cleaned.get("proxy_server") and "proxy_server" not in self.errors:
            self.add_error("proxy_server", "Of which proxy?")
        return cleaned

    def clean_headers(self) -> dict[str, str]:
        headers = {}
        for line in filter(str.strip, self.cleaned_data["headers"].splitlines()):
            name, colon, value = line.partition(":")
            if not colon:
                raise forms.ValidationError(f"Not a name and a value: {line.strip()[:80]}")
            if name.strip() in headers:
                raise forms.ValidationError(f"{name.strip()[:80]} stands here twice.")
            headers[name.strip()] = value.strip()
        return headers

    def launch_options(self) -> dict[str, Any]:
        """Fields of a NewSession."""
        values = self.cleaned_data
        place = {name: values[name] for name in PLACE if values[name] is not None}
        proxy = {name.removeprefix("proxy_"): values[name] for name in values if name.startswith("proxy_")}
        return {
            "geolocation": Geolocation(**place) if place else None,
            "color_scheme": values["color_scheme"] or None,
            "proxy": Proxy(**proxy) if proxy["server"] else None,
            "headers": values["headers"],
            "ignore_https_errors": values["ignore_https_errors"],
            "block": values["block"],
            "show_cursor": values["show_cursor"],
            "on_client_close": values["on_client_close"] or OnClientClose.DETACH,
            "while_controlled": values["while_controlled"] or WhileControlled.REFUSE,
        }


def usual() -> dict[str, Any]:
    return {
        "color_scheme": "",
        **dict.fromkeys(PLACE),
        "proxy_server": "",
        "proxy_bypass": "",
        "proxy_username": "",
        "headers": "",
        "block": [],
        "ignore_https_errors": False,
        "show_cursor": False,
        "init_scripts": False,
        "on_client_close": OnClientClose.DETACH,
        "while_controlled": WhileControlled.REFUSE,
    }


def of_session(like: SessionFacts) -> dict[str, Any]:
    proxy = like.proxy or {}
    return {
        "color_scheme": like.color_scheme or "",
        **(like.geolocation or {}),
        **{f"proxy_{name}": proxy[name] for name in proxy},
        "headers": "\n".join(f"{name}: {KEPT}" for name in like.header_names),
        "block": like.block,
        "ignore_https_errors": like.ignore_https_errors,
        "show_cursor": like.show_cursor,
        "init_scripts": like.init_scripts > 0,
        "on_client_close": like.on_client_close,
        "while_controlled": like.while_controlled,
        "like": like.id,
    }
