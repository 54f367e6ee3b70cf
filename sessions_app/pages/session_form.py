"""The fields that a new session is asked for by, empty, filled like another session, or as they were typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.text import capfirst

from sessions_app.engine.config import DEFAULT_IMAGE, IMAGES, Viewport
from sessions_app.engine.devices import devices
from sessions_app.models import OnCrash
from sessions_app.models.session import MAX_SECONDS
from sessions_app.pages import launch_fields
from sessions_app.pages.launch_fields import LaunchFields, text
from sessions_app.pages.widgets import LongSelect
from sessions_app.services.new_session import MAX_NAME, MAX_USER_AGENT, NewSession

if TYPE_CHECKING:
    from collections.abc import Iterable

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
DEVICE = "device:"
# Other names for the default one, and devices, which stand among the screens.
HIDDEN_IMAGES = ("linux_latest", "mobile")
CRASHES = {OnCrash.END: "The session ends", OnCrash.RESTART: "It goes on with a new browser"}
# What a service calls its fields, where the form calls them otherwise.
_FIELDS = launch_fields.NAMES | {
    "viewport.width": "width",
    "viewport.height": "height",
    "viewport.device_scale_factor": "device_scale_factor",
}
_AS_THEY_ARE = (
    "url",
    "name",
    "image_id",
    "user_agent",
    "locale",
    "timezone",
    "idle_timeout",
    "max_lifetime",
    "watching_keeps_alive",
)
_FOLDED = (
    "user_agent",
    "locale",
    "timezone",
    "idle_timeout",
    "max_lifetime",
    "on_crash",
    "on_client_close",
    "while_controlled",
    "watching_keeps_alive",
)


def _seconds(label: str, hint: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=MAX_SECONDS, help_text=hint)


class NewSessionForm(LaunchFields):
    url = text("Address", placeholder="https://example.com", hint="Empty for a blank page.")
    name = text("Name", max_length=MAX_NAME)
    image_id = forms.ChoiceField(label="Browser")
    screen = forms.ChoiceField(label="Screen", widget=LongSelect)
    width = forms.IntegerField(label="Width", required=False)
    height = forms.IntegerField(label="Height", required=False)
    device_scale_factor = forms.FloatField(label="Pixels for each CSS pixel", required=False)
    mobile = forms.BooleanField(label="A touch screen, as of a phone", required=False)
    user_agent = text("User agent", max_length=MAX_USER_AGENT, placeholder="The browser's own")
    locale = text("Locale", placeholder="en-GB")
    timezone = text("Timezone", placeholder="Europe/Berlin")
    idle_timeout = _seconds("Idle timeout (s)", "Ends when nothing happens this long.")
    max_lifetime = _seconds("Longest lifetime (s)", "Ends then in any case.")
    on_crash = forms.ChoiceField(label="When its browser crashes", required=False, choices=CRASHES.items)
    watching_keeps_alive = forms.BooleanField(label="Watching keeps it alive", required=False)

    def __init__(self, data: QueryDict | None = None, *, like: SessionFacts | None = None) -> None:
        self._usual = _usual() | launch_fields.usual()
        initial = self._usual | (_of_session(like) if like else {})
        super().__init__(data, initial=initial, use_required_attribute=False)
        images = [(key, image.title) for key, image in IMAGES.items() if key not in HIDDEN_IMAGES]
        self.fields["image_id"].choices = images  # type: ignore[attr-defined]
        self.fields["screen"].choices = _screens()  # type: ignore[attr-defined]
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
        values = self.cleaned_data
        return NewSession(
            labels=dict(self.label_rows),
            on_crash=values["on_crash"] or OnCrash.END,
            **{name: values[name] for name in _AS_THEY_ARE},
            **self._screen(),
            **self.launch_options(),
        )

    def _screen(self) -> dict[str, Any]:
        values = self.cleaned_data
        screen: str = values["screen"]
        if screen.startswith(DEVICE):
            return {"device": screen.removeprefix(DEVICE)}
        if screen != OWN_SCREEN:
            return {"viewport": SCREENS[screen][1]}
        scale = values["device_scale_factor"]
        viewport = Viewport(
            width=values["width"],
            height=values["height"],
            device_scale_factor=1 if scale is None else scale,
            mobile=values["mobile"],
        )
        return {"viewport": viewport}

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
        return self._matters(_FOLDED)

    @property
    def network_matters(self) -> bool:
        return self._matters((LaunchFields.base_fields.keys() & self._usual.keys()) - set(_FOLDED))

    def _matters(self, names: Iterable[str]) -> bool:
        if self.is_bound:
            return any(name in self.errors for name in names)
        return any(self.initial[name] != self._usual[name] for name in names)

    def _mark(self, name: str) -> None:
        if name in self.fields:
            self.fields[name].widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"id_{name}_error"}


def _typed(data: QueryDict) -> list[tuple[str, str]]:
    rows = zip(data.getlist("label_key"), data.getlist("label_value"), strict=False)
    return [(key.strip(), value) for key, value in rows if key or value]


def _screens() -> list[tuple[str, Any]]:
    screens = [(key, _title(name, screen)) for key, (name, screen) in SCREENS.items()]
    upright = [(DEVICE + name, name) for name in devices() if not name.endswith(" landscape")]
    return [("Screens", [*screens, (OWN_SCREEN, "Another size")]), ("Devices", upright)]


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
        "image_id": DEFAULT_IMAGE if like.image_id in HIDDEN_IMAGES else like.image_id,
        "user_agent": like.user_agent or "",
        **_screen_of(like),
        **launch_fields.of_session(like),
        "locale": like.locale or "",
        "timezone": like.timezone or "",
        "idle_timeout": like.idle_timeout,
        "max_lifetime": like.max_lifetime,
        "on_crash": like.on_crash,
        "watching_keeps_alive": like.watching_keeps_alive,
    }


def _screen_of(like: SessionFacts) -> dict[str, Any]:
    """A device stands for its screen and its user agent, unless the session had others."""
    known = Viewport(**like.viewport)
    image = IMAGES.get(like.image_id)
    name = like.device or (image and image.device) or ""
    device = devices().get(name)
    if device and (device.viewport, device.user_agent) == (known, like.user_agent):
        return {"screen": DEVICE + name, "user_agent": "", **like.viewport}
    named = next((key for key, (_, screen) in SCREENS.items() if screen == known), OWN_SCREEN)
    return {"screen": named, **like.viewport}
