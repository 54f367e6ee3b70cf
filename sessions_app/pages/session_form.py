"""The fields that a new session is asked for by, empty, filled like another session, or as they were typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.text import capfirst

from sessions_app.engine.config import DEFAULT_IMAGE, IMAGES, Viewport
from sessions_app.models import OnCrash
from sessions_app.models.session import MAX_SECONDS
from sessions_app.services.new_session import MAX_NAME, MAX_USER_AGENT, NewSession

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http.request import QueryDict

    from sessions_app.services.errors import Invalid
    from sessions_app.services.facts import SessionFacts

SCREENS = {
    "1280x720": ("Desktop", Viewport()),
    "1440x900": ("Laptop", Viewport(width=1440, height=900)),
    "1920x1080": ("Large", Viewport(width=1920, height=1080)),
    "tablet": ("Tablet", Viewport(width=820, height=1180, device_scale_factor=2, mobile=True)),
    "phone": ("Phone", Viewport(width=390, height=844, device_scale_factor=2, mobile=True)),
}
OWN_SCREEN = "own"
CRASHES = {OnCrash.END: "The session ends", OnCrash.RESTART: "It goes on with a new browser"}
# What a service calls its fields, where the form calls them otherwise.
_FIELDS = {
    "viewport.width": "width",
    "viewport.height": "height",
    "viewport.device_scale_factor": "device_scale_factor",
}
_FOLDED = (
    "user_agent",
    "locale",
    "timezone",
    "idle_timeout",
    "max_lifetime",
    "on_crash",
    "watching_keeps_alive",
)


def _text(
    label: str, *, max_length: int | None = None, placeholder: str = "", hint: str = ""
) -> forms.CharField:
    attrs = {"placeholder": placeholder, "autocomplete": "off", "spellcheck": "false"}
    widget = forms.TextInput(attrs)
    return forms.CharField(label=label, required=False, max_length=max_length, widget=widget, help_text=hint)


def _seconds(label: str, hint: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=MAX_SECONDS, help_text=hint)


class NewSessionForm(forms.Form):
    url = _text("Address", placeholder="https://example.com", hint="Empty for a blank page.")
    name = _text("Name", max_length=MAX_NAME)
    image_id = forms.ChoiceField(label="Browser")
    screen = forms.ChoiceField(label="Screen")
    width = forms.IntegerField(label="Width", required=False)
    height = forms.IntegerField(label="Height", required=False)
    device_scale_factor = forms.FloatField(label="Pixels for each CSS pixel", required=False)
    mobile = forms.BooleanField(label="A touch screen, as of a phone", required=False)
    user_agent = _text("User agent", max_length=MAX_USER_AGENT, placeholder="The browser's own")
    locale = _text("Locale", placeholder="en-GB")
    timezone = _text("Timezone", placeholder="Europe/Berlin")
    idle_timeout = _seconds("Idle timeout (s)", "Ends when nothing happens this long.")
    max_lifetime = _seconds("Longest lifetime (s)", "Ends then in any case.")
    on_crash = forms.ChoiceField(label="When its browser crashes", required=False, choices=CRASHES.items)
    watching_keeps_alive = forms.BooleanField(label="Watching keeps it alive", required=False)

    def __init__(self, data: QueryDict | None = None, *, like: SessionFacts | None = None) -> None:
        self._usual = _usual()
        initial = self._usual | (_of_session(like) if like else {})
        super().__init__(data, initial=initial, use_required_attribute=False)
        images = [(key, image.title) for key, image in IMAGES.items() if key != "linux_latest"]
        screens = [(key, _title(name, screen)) for key, (name, screen) in SCREENS.items()]
        self.fields["image_id"].choices = images  # type: ignore[attr-defined]
        self.fields["screen"].choices = [*screens, (OWN_SCREEN, "Another size")]  # type: ignore[attr-defined]
        self.label_rows = _typed(data) if data is not None else list((like.labels if like else {}).items())
        for name in self.errors if self.is_bound else ():
            self._mark(name)
        first = next(iter(self.errors), "url") if self.is_bound else "url"
        self.fields[first if first in self.fields else "url"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("screen") == OWN_SCREEN:
            for side in ("width", "height"):
                if cleaned.get(side) is None and side not in self.errors:
                    self.add_error(side, "How many pixels?")
        keys = [key for key, _ in self.label_rows]
        if len(set(keys)) < len(keys):
            self.add_error(None, forms.ValidationError("A label's key stands here twice.", code="labels"))
        return cleaned

    def asked(self) -> NewSession:
        values = dict(self.cleaned_data)
        names = ("width", "height", "device_scale_factor", "mobile")
        width, height, scale, mobile = (values.pop(name) for name in names)
        screen = values.pop("screen")
        if screen == OWN_SCREEN:
            scale = 1 if scale is None else scale
            viewport = Viewport(width=width, height=height, device_scale_factor=scale, mobile=mobile)
        else:
            viewport = SCREENS[screen][1]
        values["on_crash"] = values["on_crash"] or OnCrash.END
        return NewSession(viewport=viewport, labels=dict(self.label_rows), **values)

    def refuse(self, error: Invalid) -> None:
        """What only the service knows, beside the field that it is about."""
        name = _FIELDS.get(error.field, error.field)
        text = capfirst(error.detail)
        if name in self.fields:
            self.add_error(name, text)
            self._mark(name)
        else:
            self.add_error(None, forms.ValidationError(text, code="labels"))

    @property
    def label_errors(self) -> list[str]:
        return [str(error.message) for error in self.non_field_errors().as_data()]

    @property
    def options_matter(self) -> bool:
        """Whether what is folded away has an error, or is not as usual."""
        if self.is_bound:
            return any(name in self.errors for name in _FOLDED)
        return any(self.initial[name] != self._usual[name] for name in _FOLDED)

    def _mark(self, name: str) -> None:
        if name in self.fields:
            self.fields[name].widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"id_{name}_error"}


def _typed(data: QueryDict) -> list[tuple[str, str]]:
    rows = zip(data.getlist("label_key"), data.getlist("label_value"), strict=False)
    return [(key.strip(), value) for key, value in rows if key or value]


def _title(name: str, screen: Viewport) -> str:
    return f"{name}, {screen.width} \N{MULTIPLICATION SIGN} {screen.height}"


def _usual() -> dict[str, Any]:
    return {
        "image_id": DEFAULT_IMAGE,
        "screen": "1280x720",
        "width": 1280,
        "height": 720,
        "device_scale_factor": 1,
        "user_agent": "",
        "locale": "",
        "timezone": "",
        "idle_timeout": settings.QUARTERDECK_IDLE_TIMEOUT,
        "max_lifetime": settings.QUARTERDECK_MAX_LIFETIME,
        "on_crash": OnCrash.END,
        "watching_keeps_alive": True,
    }


def _of_session(like: SessionFacts) -> dict[str, Any]:
    return {
        "url": "" if like.url == "about:blank" else like.url,
        "name": like.name,
        "image_id": DEFAULT_IMAGE if like.image_id == "linux_latest" else like.image_id,
        **_screen_of(like.viewport),
        "user_agent": like.user_agent or "",
        "locale": like.locale or "",
        "timezone": like.timezone or "",
        "idle_timeout": like.idle_timeout,
        "max_lifetime": like.max_lifetime,
        "on_crash": like.on_crash,
        "watching_keeps_alive": like.watching_keeps_alive,
    }


def _screen_of(viewport: Mapping[str, Any]) -> dict[str, Any]:
    known = Viewport(**viewport)
    named = next((key for key, (_, screen) in SCREENS.items() if screen == known), OWN_SCREEN)
    return {"screen": named, **viewport}
