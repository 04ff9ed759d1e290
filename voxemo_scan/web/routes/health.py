"""``/healthz`` and ``/metrics``: for those who watch over the application."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from voxemo_scan.web.answers import described
from voxemo_scan.web.desk import Desk
from voxemo_scan.web.metrics import CONTENT_TYPE


class Health(BaseModel):
    """Whether it answers."""

    status: str


def router(desk: Desk) -> APIRouter:
    """Return the addresses of this subject."""
    routes = APIRouter(tags=["about"])

    @routes.get("/healthz", responses=described())
    async def healthz() -> Health:
        """Say that the application answers."""
        return Health(status="ok")

    @routes.get(
        "/metrics",
        responses={**described(), 200: {"content": {"text/plain": {}}}},
        response_class=Response,
    )
    async def metrics() -> Response:
        """Return what is counted, for Prometheus."""
        return Response(desk.metrics.text(), headers={"Content-Type": CONTENT_TYPE})

    return routes
