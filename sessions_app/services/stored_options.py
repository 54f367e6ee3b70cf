"""How a session's row keeps the options of its launch: what is secret in them is sealed, what is usual left out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import orjson

from sessions_app.engine.config import Geolocation, LaunchSpec, Look, Proxy, Viewport
from sessions_app.engine.errors import LaunchFailed
from sessions_app.models import LaunchSecret
from sessions_app.services.sealing import Unreadable, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessions_app.models import Session
    from sessions_app.services.new_session import NewSession

PURPOSE = "launch-options"


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """What nobody is shown again."""

    proxy_password: str
    headers: Mapping[str, str]
    init_scripts: tuple[str, ...]


NO_SECRETS = Secrets(proxy_password="", headers={}, init_scripts=())


@dataclass(frozen=True, kw_only=True)
class LaunchFacts:
    """What others may know of them: of headers the names, of scripts how many there are."""

    device: str | None
    geolocation: dict[str, float] | None
    color_scheme: str | None
    proxy: dict[str, str] | None
    header_names: list[str]
    ignore_https_errors: bool
    block: list[str]
    init_scripts: int
    show_cursor: bool
    on_client_close: str
    while_controlled: str


def to_row(asked: NewSession) -> dict[str, Any]:
    """What a row's `options` are to be."""
    proxy = asked.proxy
    kept: dict[str, Any] = {
        "device": asked.device,
        "geolocation": asdict(asked.geolocation) if asked.geolocation else None,
        "color_scheme": asked.color_scheme,
        "proxy": {name: text for name, text in asdict(proxy).items() if name != "password"}
        if proxy
        else None,
        "header_names": list(asked.headers),
        "ignore_https_errors": asked.ignore_https_errors,
        "block": sorted(set(asked.block)),
        "init_scripts": len(asked.init_scripts),
        "show_cursor": asked.show_cursor,
        "secret": _secrets_in(asked) != NO_SECRETS,
    }
    return {name: value for name, value in kept.items() if value}


def keep_secrets(row: Session, asked: NewSession) -> None:
    """In the transaction that inserts the row."""
    secrets = _secrets_in(asked)
    if secrets != NO_SECRETS:
        sealed = seal(PURPOSE, orjson.dumps(asdict(secrets)).decode())
        LaunchSecret.objects.create(session=row, sealed=sealed)


def has_secrets(row: Session) -> bool:
    return "secret" in row.options


def secrets_of(row: Session) -> Secrets:
    """Asks the database. Raises LaunchFailed when the secret key that they were sealed by is gone."""
    if not has_secrets(row):
        return NO_SECRETS
    try:
        kept = orjson.loads(unseal(PURPOSE, LaunchSecret.objects.get(session=row).sealed))
    except Unreadable:
        raise LaunchFailed(
            "What was secret in this session's launch options was sealed by a secret key that is gone."
        ) from None
    return Secrets(
        proxy_password=kept["proxy_password"],
        headers=kept["headers"],
        init_scripts=tuple(kept["init_scripts"]),
    )


def launch_spec(row: Session) -> LaunchSpec:
    """Asks the database if there are secrets. Raises LaunchFailed."""
    return LaunchSpec(
        session_id=row.id,
        name=row.name,
        url=row.url,
        image_id=row.image_id,
        viewport=Viewport(**row.viewport),
        user_agent=row.user_agent or None,
        locale=row.locale or None,
        timezone=row.timezone or None,
        idle_timeout=row.idle_timeout,
        max_lifetime=row.max_lifetime,
        watching_keeps_alive=row.watching_keeps_alive,
        **_launch_options(row),
    )


def _launch_options(row: Session) -> dict[str, Any]:
    kept, secrets = row.options, secrets_of(row)
    place, proxy = kept.get("geolocation"), kept.get("proxy")
    return {
        "color_scheme": kept.get("color_scheme"),
        "proxy": Proxy(**proxy, password=secrets.proxy_password) if proxy else None,
        "ignore_https_errors": kept.get("ignore_https_errors", False),
        "block": frozenset(kept.get("block", ())),
        "look": Look(
            geolocation=Geolocation(**place) if place else None,
            headers=secrets.headers,
            init_scripts=secrets.init_scripts,
            show_cursor=kept.get("show_cursor", False),
        ),
    }


def launch_facts(row: Session) -> LaunchFacts:
    kept = row.options
    return LaunchFacts(
        device=kept.get("device"),
        geolocation=kept.get("geolocation"),
        color_scheme=kept.get("color_scheme"),
        proxy=kept.get("proxy"),
        header_names=kept.get("header_names", []),
        ignore_https_errors=kept.get("ignore_https_errors", False),
        block=kept.get("block", []),
        init_scripts=kept.get("init_scripts", 0),
        show_cursor=kept.get("show_cursor", False),
        on_client_close=row.on_client_close,
        while_controlled=row.while_controlled,
    )


def _secrets_in(asked: NewSession) -> Secrets:
    return Secrets(
        proxy_password=asked.proxy.password if asked.proxy else "",
        headers=dict(asked.headers),
        init_scripts=tuple(asked.init_scripts),
    )
