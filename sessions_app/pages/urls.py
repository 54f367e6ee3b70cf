"""Addresses of the pages."""

from __future__ import annotations

from django.urls import path

from sessions_app.pages import (
    entry,
    keys,
    labels,
    links,
    listing,
    live,
    new_session,
    presence,
    project,
    session,
    tabs,
)

urlpatterns = [
    path("", listing.index, name="sessions"),
    path("sessions/rows", listing.rows, name="session_rows"),
    path("sessions/new", new_session.new, name="new_session"),
    path("sessions/<str:session_id>", session.show, name="session"),
    path("sessions/<str:session_id>/facts", session.facts, name="session_facts"),
    path("sessions/<str:session_id>/release", session.release, name="release_session"),
    path("sessions/<str:session_id>/ticket", session.ticket, name="session_ticket"),
    path("sessions/<str:session_id>/thumbnail", session.thumbnail, name="session_thumbnail"),
    path("sessions/<str:session_id>/screenshot", session.screenshot, name="session_screenshot"),
    path("sessions/<str:session_id>/presence", presence.who, name="presence"),
    path("sessions/<str:session_id>/tabs", tabs.listing, name="tabs"),
    path("sessions/<str:session_id>/tabs/<int:tab>/activate", tabs.activate, name="activate_tab"),
    path("sessions/<str:session_id>/tabs/<int:tab>/close", tabs.close, name="close_tab"),
    path("sessions/<str:session_id>/labels", labels.put, name="labels"),
    path("sessions/<str:session_id>/labels/remove", labels.remove, name="remove_label"),
    path("sessions/<str:session_id>/links", links.listing, name="links"),
    path("sessions/<str:session_id>/links/revoke", links.revoke_all, name="revoke_links"),
    path("sessions/<str:session_id>/links/<str:link_id>/revoke", links.revoke, name="revoke_link"),
    path("live/<str:link_id>", live.show, name="live"),
    path("live/<str:link_id>/ticket", live.ticket, name="live_ticket"),
    path("access", keys.index, name="access"),
    path("access/<str:key_id>/revoke", keys.revoke, name="revoke_key"),
    path("project", project.choose, name="choose_project"),
    path("login", entry.login, name="login"),
    path("logout", entry.logout, name="logout"),
    path("setup", entry.setup, name="setup"),
]
