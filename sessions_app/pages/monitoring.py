"""How the server does: its charts over an hour, a day or a month, and the banners of every page."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from django.views.decorators.http import require_safe

from sessions_app.pages.answers import page
from sessions_app.pages.charts import drawings
from sessions_app.pages.gate import PageRequest, signed_in
from sessions_app.services import monitoring
from sessions_app.services.monitoring import Span

if TYPE_CHECKING:
    from django.http import HttpResponse

SPANS = {Span.HOUR: "1 hour", Span.DAY: "24 hours", Span.MONTH: "30 days"}


@require_safe
@signed_in()
async def index(request: PageRequest) -> HttpResponse:
    return await _answer(request, "monitoring/index.html")


@require_safe
@signed_in()
async def charts(request: PageRequest) -> HttpResponse:
    return await _answer(request, "monitoring/_charts.html")


@require_safe
@signed_in()
async def alerts(request: PageRequest) -> HttpResponse:
    return page(request, "monitoring/_alerts.html")


async def _answer(request: PageRequest, template: str) -> HttpResponse:
    history = await monitoring.history(request.actor, Span.of(request.GET.get("range", "")))
    # Thousands of points in words: live views go on meanwhile.
    return await asyncio.to_thread(_drawn, request, template, history)


def _drawn(request: PageRequest, template: str, history: monitoring.History) -> HttpResponse:
    context = {"history": history, "drawings": drawings(history), "spans": SPANS.items()}
    return page(request, template, context)
