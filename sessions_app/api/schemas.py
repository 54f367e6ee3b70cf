"""The shapes of requests and answers."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from sessions_app.models import EndReason, SessionStatus
from sessions_app.models.session import MAX_SECONDS
from sessions_app.services.events import Kind
from sessions_app.services.links import DEFAULT_TTL
from sessions_app.services.new_session import (
    LABEL_KEY,
    MAX_LABEL_VALUE,
    MAX_LABELS,
    MAX_NAME,
    SCALE_FACTORS,
    VIEWPORT_SIDE,
)

T = TypeVar("T")
Seconds = Annotated[int, Field(ge=1, le=MAX_SECONDS)]
Side = Annotated[int, Field(ge=VIEWPORT_SIDE.start, le=VIEWPORT_SIDE.stop - 1)]
ViewerRole = Literal["view", "control"]
CrashPolicy = Literal["end", "restart"]
ClientClosePolicy = Literal["detach", "release"]
ControlledPolicy = Literal["refuse", "wait"]
ColorScheme = Literal["light", "dark", "no-preference"]
Blockable = Literal["ads", "images", "fonts", "media"]


def told(**schema: Any) -> Any:
    """What a service checks, and says better than a schema would; here so that programs know it beforehand."""
    return Field(json_schema_extra=schema)


Name = Annotated[str, told(maxLength=MAX_NAME)]
Labels = Annotated[
    dict[str, str],
    told(
        maxProperties=MAX_LABELS,
        propertyNames={"pattern": f"^{LABEL_KEY.pattern}$"},
        additionalProperties={"type": "string", "maxLength": MAX_LABEL_VALUE},
    ),
]


def _moment(text: Any) -> Any:
    """Stricter than a lenient parser, which takes a date or a number too: those would find something else."""
    if not isinstance(text, str) or not _RFC_3339.fullmatch(text):
        raise ValueError("this is no RFC 3339 time such as 2026-11-20T09:30:00Z")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except OverflowError:
        raise ValueError("this time is out of range") from None


_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
Moment = Annotated[datetime, BeforeValidator(_moment)]


class Request(BaseModel):
    """An unknown field is a mistake that the caller wants to hear of; so is a number in quotes."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Nothing(Request):
    pass


class ViewportIn(Request):
    width: Side = 1280
    height: Side = 720
    device_scale_factor: Annotated[float, Field(ge=SCALE_FACTORS[0], le=SCALE_FACTORS[1])] = 1
    mobile: bool = False


class SessionPatch(Request):
    name: Name | None = None
    idle_timeout: Seconds | None = None
    max_lifetime: Seconds | None = None


class ReleaseMany(Request):
    ids: Annotated[list[str], Field(max_length=1000)] | None = None
    labels: dict[str, str] | None = None
    all: bool = False


class TabOpen(Request):
    url: str = ""


class TicketAsk(Request):
    role: ViewerRole


class LinkCreate(Request):
    role: ViewerRole
    ttl: Seconds = DEFAULT_TTL
    max_viewers: Annotated[int, Field(ge=1)] | None = None
    one_time: bool = False


class ControlTake(Request):
    force: bool = False


class Paging(BaseModel):
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: str | None = None


class SessionQuery(Paging):
    label: list[str] = []
    status: list[SessionStatus] = []
    q: Annotated[str, Field(max_length=200)] = ""
    context: str | None = None
    created_after: Moment | None = None
    created_before: Moment | None = None


EventId = Annotated[int, Field(ge=0, lt=1 << 63)]


class EventQuery(Paging):
    kind: list[Kind] = []
    after: EventId | None = None


class Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Listing(Answer, Generic[T]):
    items: list[T]
    next_cursor: str | None
    total: int


class ViewportOut(Answer):
    width: int
    height: int
    device_scale_factor: float
    mobile: bool


class GeolocationOut(Answer):
    latitude: float
    longitude: float
    accuracy: float


class ProxyOut(Answer):
    """Its password is not shown again."""

    server: str
    bypass: str
    username: str


class HolderOut(Answer):
    kind: Literal["person", "program"]
    id: str
    name: str


class TabOut(Answer):
    id: int
    url: str
    title: str
    active: bool
    loading: bool
    crashed: bool
    unresponsive: bool


class UsageOut(Answer):
    seconds: float
    pages_visited: int
    actions: int
    frames: int
    bytes_sent: int
    cpu_seconds: float


class SessionOut(Answer):
    id: str
    name: str
    status: SessionStatus
    labels: dict[str, str]
    created_at: datetime
    started_at: datetime | None
    last_activity_at: datetime
    ended_at: datetime | None
    end_reason: EndReason | None
    error: str | None
    url: str
    title: str
    viewport: ViewportOut
    image_id: str
    app_id: str
    user_agent: str | None
    locale: str | None
    timezone: str | None
    device: str | None
    geolocation: GeolocationOut | None
    color_scheme: ColorScheme | None
    proxy: ProxyOut | None
    header_names: list[str]
    ignore_https_errors: bool
    block: list[Blockable]
    init_scripts: int
    show_cursor: bool
    idle_timeout: int
    max_lifetime: int
    watching_keeps_alive: bool
    on_crash: CrashPolicy
    on_client_close: ClientClosePolicy
    while_controlled: ControlledPolicy
    restarts: int
    queue_position: int | None
    expires_at: datetime | None
    viewers: int
    controller: HolderOut | None
    tabs: list[TabOut]
    contexts: list[Any] = []
    usage: UsageOut
    resource_url: str | None
    cdp_url: str | None
    node: str


class MemoryOut(Answer):
    """Bytes."""

    total: int
    available: int
    used_by_sessions: int


class PressureOut(Answer):
    """`running` counts every session that has a browser or is about to, `cpu` is the machine's share from 0 to 1."""

    running: int
    queued: int
    max_sessions: int
    queue_limit: int
    cpu: float
    memory: MemoryOut
    load: tuple[float, float, float]
    recently_rejected: int
    accepting: bool


class InfoOut(Answer):
    session_id: str
    resource_id: str
    resource_url: str
    app_id: str
    resource_type: str
    auth_code: str
    connection_properties: str
    ticket: str


class ReleaseResultOut(Answer):
    id: str
    released: bool
    status: SessionStatus | None
    code: str | None
    detail: str | None


class ReleaseResults(Answer):
    results: list[ReleaseResultOut]


class TicketOut(Answer):
    url: str
    expires_in: int


class LinkOut(Answer):
    id: str
    role: ViewerRole
    created_at: datetime
    created_by: str
    expires_at: datetime
    max_viewers: int | None
    one_time: bool
    used_at: datetime | None
    revoked_at: datetime | None


class NewLinkOut(LinkOut):
    url: str


class ControlOut(Answer):
    holder: HolderOut | None


class EventOut(Answer):
    id: int
    at: datetime
    kind: Kind
    data: dict[str, Any]


class Problem(BaseModel):
    """`code` is stable, `detail` is for people, `errors` names the fields of a failed validation."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[dict[str, str]] | None = None
