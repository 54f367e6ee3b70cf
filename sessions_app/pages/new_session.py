"""The form that starts a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods

from sessions_app.engine.config import DEFAULT_IMAGE, IMAGES, Viewport
from sessions_app.models.session import MAX_SECONDS
from sessions_app.pages.answers import page
from sessions_app.pages.gate import PageRequest, signed_in
from sessions_app.services import sessions
from sessions_app.services.actors import Right
from sessions_app.services.errors import Conflict, Invalid, LaunchFailed, QuotaExceeded, SessionEnded
from sessions_app.services.new_session import MAX_NAME, MAX_USER_AGENT, NewSession

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.request import QueryDict

SCREENS = {
    "1280x720": Viewport(),
    "1440x900": Viewport(width=1440, height=900),
    "1920x1080": Viewport(width=1920, height=1080),
    "phone": Viewport(width=390, height=844, device_scale_factor=2, mobile=True),
}
OWN_SCREEN = "own"
# What a service calls its fields, where the form calls them otherwise.
_FIELDS = {"viewport.width": "width", "viewport.height": "height"}


def _text(
    label: str, *, max_length: int | None = None, placeholder: str = "", hint: str = ""
) -> forms.CharField:
    attrs = {"placeholder": placeholder, "autocomplete": "off", "spellcheck": "false"}
    widget = forms.TextInput(attrs)
    return forms.CharField(label=label, required=False, max_length=max_length, widget=widget, help_text=hint)


class NewSessionForm(forms.Form):
    url = _text("Address", placeholder="https://example.com", hint="Empty for a blank page.")
    name = _text("Name", max_length=MAX_NAME)
    image_id = forms.ChoiceField(label="Browser")
    screen = forms.ChoiceField(label="Screen")
    width = forms.IntegerField(label="Width", required=False)
    height = forms.IntegerField(label="Height", required=False)
    user_agent = _text("User agent", max_length=MAX_USER_AGENT, placeholder="The browser's own")
    locale = _text("Locale", placeholder="en-GB")
    timezone = _text("Timezone", placeholder="Europe/Berlin")
    idle_timeout = forms.IntegerField(
        label="Idle timeout (s)",
        min_value=1,
        max_value=MAX_SECONDS,
        help_text="Ends when nothing happens this long.",
    )
    max_lifetime = forms.IntegerField(
        label="Longest lifetime (s)", min_value=1, max_value=MAX_SECONDS, help_text="Ends then in any case."
    )
    watching_keeps_alive = forms.BooleanField(label="Watching keeps it alive", required=False)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, initial=_initial(), use_required_attribute=False)
        images = [(key, image.title) for key, image in IMAGES.items() if key != "linux_latest"]
        screens = [(key, _title(screen)) for key, screen in SCREENS.items()]
        self.fields["image_id"].choices = images  # type: ignore[attr-defined]
        self.fields["screen"].choices = [*screens, (OWN_SCREEN, "Another size")]  # type: ignore[attr-defined]
        keys, values = (data.getlist(name) for name in ("label_key", "label_value")) if data else ([], [])
        self.label_rows = [
            (key.strip(), value) for key, value in zip(keys, values, strict=False) if key or value
        ]
        for name in self.errors if self.is_bound else ():
            self._mark(name)

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
        screen, width, height = (values.pop(name) for name in ("screen", "width", "height"))
        own = screen == OWN_SCREEN
        viewport = Viewport(width=width, height=height) if own else SCREENS[screen]
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
        """Whether what is folded away has an error."""
        folded = {"user_agent", "locale", "timezone", "idle_timeout", "max_lifetime"}
        return self.is_bound and bool(folded & self.errors.keys())

    def _mark(self, name: str) -> None:
        if name in self.fields:
            self.fields[name].widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"id_{name}_error"}


def _title(screen: Viewport) -> str:
    size = f"{screen.width} \N{MULTIPLICATION SIGN} {screen.height}"
    return f"Phone, {size}" if screen.mobile else size


def _initial() -> dict[str, Any]:
    return {
        "image_id": DEFAULT_IMAGE,
        "screen": "1280x720",
        "width": 1280,
        "height": 720,
        "idle_timeout": settings.QUARTERDECK_IDLE_TIMEOUT,
        "max_lifetime": settings.QUARTERDECK_MAX_LIFETIME,
        "watching_keeps_alive": True,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Right.CHANGE)
async def new(request: PageRequest) -> HttpResponse:
    if request.method != "POST":
        return page(request, "sessions/new.html", {"form": NewSessionForm()})
    form = NewSessionForm(request.POST)
    failed, status = "", 422
    if form.is_valid():
        try:
            created = await sessions.create(request.actor, form.asked())
            return HttpResponseRedirect(reverse("session", args=[created.id]))
        except Invalid as error:
            form.refuse(error)
        except (Conflict, LaunchFailed, QuotaExceeded, SessionEnded) as error:
            failed, status = error.detail, error.status
    return page(request, "sessions/new.html", {"form": form, "failed": failed}, status=status)
