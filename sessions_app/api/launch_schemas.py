"""What a session may be launched with."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sessions_app.api.schemas import (
    Blockable,
    ClientClosePolicy,
    ColorScheme,
    ControlledPolicy,
    CrashPolicy,
    Labels,
    Name,
    Request,
    Seconds,
    ViewportIn,
    told,
)
from sessions_app.engine.config import DEFAULT_IMAGE, IMAGES, Geolocation, Proxy
from sessions_app.services.new_session import MAX_USER_AGENT, NewSession
from sessions_app.services.options import (
    HEADER_NAME,
    MAX_HEADERS,
    MAX_INIT_SCRIPTS,
    MAX_PROXY_TEXT,
    viewport_of,
)


class GeolocationIn(Request):
    """Degrees, and metres."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    accuracy: Annotated[float, Field(ge=0, le=1e6)] = 0


class ProxyIn(Request):
    """`bypass` names the hosts that go past it, with commas between them; a SOCKS proxy takes no credentials."""

    server: Annotated[str, told(examples=["http://proxy.example:3128", "socks5://proxy.example:1080"])]
    bypass: Annotated[str, told(maxLength=MAX_PROXY_TEXT, examples=["localhost, *.example.com"])] = ""
    username: Annotated[str, told(maxLength=MAX_PROXY_TEXT)] = ""
    password: Annotated[str, Field(repr=False), told(maxLength=MAX_PROXY_TEXT, format="password")] = ""


Headers = Annotated[
    dict[str, str],
    Field(repr=False),
    told(maxProperties=MAX_HEADERS, propertyNames={"pattern": f"^{HEADER_NAME.pattern}$"}),
]


class SessionCreate(Request):
    """`device` is one of Playwright's names; `viewport` and `user_agent` win over the device's."""

    url: str = ""
    name: Name = ""
    labels: Labels = {}
    image_id: Annotated[str, told(enum=list(IMAGES))] = DEFAULT_IMAGE
    device: Annotated[str | None, told(examples=["iPhone 15", "Pixel 7"])] = None
    viewport: ViewportIn = ViewportIn()
    user_agent: Annotated[str | None, told(maxLength=MAX_USER_AGENT)] = None
    locale: Annotated[str | None, told(examples=["en-GB"])] = None
    timezone: Annotated[str | None, told(examples=["Europe/Berlin"])] = None
    geolocation: GeolocationIn | None = None
    color_scheme: ColorScheme | None = None
    proxy: ProxyIn | None = None
    headers: Headers = {}
    ignore_https_errors: bool = False
    block: list[Blockable] = []
    init_scripts: Annotated[list[str], Field(repr=False), told(maxItems=MAX_INIT_SCRIPTS)] = []
    show_cursor: bool = False
    idle_timeout: Seconds | None = None
    max_lifetime: Seconds | None = None
    watching_keeps_alive: bool = True
    on_crash: CrashPolicy = "end"
    on_client_close: ClientClosePolicy = "detach"
    while_controlled: ControlledPolicy = "refuse"


def new_session(body: SessionCreate) -> NewSession:
    """Raises Invalid."""
    given = {name: value for name, value in body if value is not None}
    given["viewport"] = viewport_of(body.device, body.image_id, body.viewport.model_dump(exclude_unset=True))
    if body.geolocation:
        given["geolocation"] = Geolocation(**dict(body.geolocation))
    if body.proxy:
        given["proxy"] = Proxy(**dict(body.proxy))
    return NewSession(**given)
