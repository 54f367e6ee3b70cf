"""One's own account: password, second factor, the browsers that are logged in, preferences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.contrib import auth
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from sessions_app.pages.answers import page
from sessions_app.pages.gate import PageRequest, signed_in
from sessions_app.services import logins, second_factor, sign_ins
from sessions_app.services.errors import Invalid

if TYPE_CHECKING:
    from django.http import HttpResponse

_PASSWORD = "account/_password.html"  # noqa: S105 - a template
_SECOND_FACTOR = "account/_second_factor.html"
_LOGINS = "account/_logins.html"
# Under this name a login keeps the secret that the app was shown, until its code was right.
_SHOWN = "second_factor_secret"


@require_safe
@signed_in()
async def index(request: PageRequest) -> HttpResponse:
    factor = await second_factor.of(request.user)
    return page(request, "account/index.html", {"factor": factor, **await _sign_ins(request)})


@sensitive_post_parameters()
@require_POST
@signed_in()
async def change_password(request: PageRequest) -> HttpResponse:
    """Every other login ends."""
    given = {name: request.POST.get(name, "") for name in ("current", "password", "again")}
    if given["password"] != given["again"]:
        return page(request, _PASSWORD, {"errors": {"again": "the two differ"}}, status=422)
    try:
        await logins.change_password(request.user, current=given["current"], new=given["password"])
    except Invalid as error:
        return page(request, _PASSWORD, {"errors": {error.field: error.detail}}, status=422)
    await auth.aupdate_session_auth_hash(request, request.user)
    agent = request.headers.get("User-Agent", "")
    await sync_to_async(sign_ins.note)(request.user, request.session, agent)
    ended = await sign_ins.end_others(request.user, request.session.session_key)
    return page(request, _PASSWORD, {"changed": True, "ended": ended, **await _sign_ins(request)})


@require_POST
@signed_in()
async def begin_second_factor(request: PageRequest) -> HttpResponse:
    secret = second_factor.new_secret()
    await request.session.aset(_SHOWN, secret)
    return _setting_up(request, secret)


@sensitive_post_parameters("password", "code")
@require_POST
@signed_in()
async def turn_on_second_factor(request: PageRequest) -> HttpResponse:
    secret = await request.session.aget(_SHOWN, "")
    if not secret:
        return await _second_factor(request)
    given = {name: request.POST.get(name, "")[:200] for name in ("code", "password")}
    try:
        codes = await second_factor.turn_on(request.user, secret=secret, **given)
    except Invalid as error:
        return _setting_up(request, secret, errors={error.field: error.detail}, status=422)
    await request.session.apop(_SHOWN, None)
    return await _second_factor(request, codes=codes)


@sensitive_post_parameters("password")
@require_POST
@signed_in()
async def turn_off_second_factor(request: PageRequest) -> HttpResponse:
    try:
        await second_factor.turn_off(request.user, password=request.POST.get("password", ""))
    except Invalid as error:
        return await _second_factor(request, errors={"password": error.detail}, status=422)
    return await _second_factor(request)


@sensitive_post_parameters("password")
@require_POST
@signed_in()
async def new_recovery_codes(request: PageRequest) -> HttpResponse:
    try:
        codes = await second_factor.new_codes(request.user, password=request.POST.get("password", ""))
    except Invalid as error:
        return await _second_factor(request, errors={"password": error.detail}, status=422)
    return await _second_factor(request, codes=codes)


@require_POST
@signed_in()
async def end_login(request: PageRequest, sign_in: int) -> HttpResponse:
    await sign_ins.end(request.user, sign_in)
    return page(request, _LOGINS, await _sign_ins(request))


@require_POST
@signed_in()
async def end_other_logins(request: PageRequest) -> HttpResponse:
    await sign_ins.end_others(request.user, request.session.session_key)
    return page(request, _LOGINS, await _sign_ins(request))


def _setting_up(request: PageRequest, secret: str, *, status: int = 200, **context: Any) -> HttpResponse:
    address = second_factor.address(request.user, secret)
    squares = second_factor.squares(address)
    # A step to the right, and a square of one by one: paths are read in a hundredth of the time of elements.
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(squares) for x, dark in enumerate(row) if dark)
    shown = {"secret": secret, "address": address, "path": path, "size": len(squares)}
    return page(request, _SECOND_FACTOR, {**shown, **context}, status=status)


async def _second_factor(request: PageRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    factor = await second_factor.of(request.user)
    return page(request, _SECOND_FACTOR, {"factor": factor, **context}, status=status)


async def _sign_ins(request: PageRequest) -> dict[str, Any]:
    rows = await sign_ins.of(request.user)
    own = request.session.session_key
    found = [(row, sign_ins.device(row.user_agent), row.login_id == own) for row in rows]
    return {"sign_ins": sorted(found, key=lambda entry: not entry[2])}
