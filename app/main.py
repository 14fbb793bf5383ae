"""The application: the only importer of routes."""

import gc
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from importlib import import_module

import anyio.to_thread
from fastapi import APIRouter, FastAPI
from servestatic import ServeStaticASGI
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from app.core import built, health, memory, pages, pwa, refusals, signposts, slow
from app.core.db import PAGE_STATEMENT_S, Database
from app.core.middleware import Shell
from app.core.settings import Settings, settings
from app.core.tables import XLSX_MEDIA_TYPE
from app.features.approvals import routes as approvals
from app.features.audit import routes as audit
from app.features.board import routes as board
from app.features.board.quarter import routes as quarter
from app.features.board.reports import routes as study_reports
from app.features.home import routes as home
from app.features.members import routes as members
from app.features.members.belonging import routes as belonging
from app.features.members.exemptions import routes as exemptions
from app.features.members.posts import routes as posts
from app.features.notices import routes as notices
from app.features.organisations import routes as organisations
from app.features.organisations.communities import routes as communities
from app.features.sign_in import routes as sign_in
from app.features.sign_in.door import note_file, who_is_there
from app.features.sign_in.factors import routes as factors
from app.features.sign_in.factors.resets import routes as factor_resets
from app.features.sign_in.factors.second import routes as second_step
from app.features.sign_in.outside import routes as outside
from app.features.slips import routes as slips
from app.features.streams import STREAMS, announce
from app.features.sync import kinds
from app.features.sync import routes as sync
from app.features.webhooks import routes as webhooks

log = logging.getLogger("sanliang")
OF_THE_HOUSE = (
    health.router,
    pwa.router,
    home.router,
    notices.router,
    sign_in.router,
    second_step.router,
    factors.router,
    factor_resets.router,
    outside.router,
    slips.router,
    members.router,
    members.me,
    belonging.router,
    posts.router,
    posts.appointments,
    exemptions.router,
    quarter.router,
    study_reports.router,
    board.router,  # before the tree: its address is one level below
    organisations.router,
    communities.router,
    approvals.router,
    audit.router,
    sync.router,
    webhooks.router,
)
"""What is there whatever the streams are."""


def routers() -> Iterator[APIRouter]:
    """Every router of the house and of its streams."""
    yield from OF_THE_HOUSE
    for stream in STREAMS:
        for module in stream.routes:
            yield import_module(module).router


def create_app(config: Settings | None = None, database: Database | None = None) -> FastAPI:
    """Everything an installation serves; tests pass a ``database`` of their own."""
    config = config or settings()
    memory.give_back()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = app.state.database.threads
        pages.environment()  # a broken template shows at the start, not at the first visitor
        if not gc.get_freeze_count():
            gc.freeze()  # what was loaded stays: looking it through for cycles again and again costs pages their time
        yield
        app.state.database.close()

    app = FastAPI(title="Sanliang", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.database = database or Database(
        config.resolved_database_url, threads=config.threads, statement_s=PAGE_STATEMENT_S
    )
    if config.slow_statement_ms:
        for engine in {app.state.database.reader, app.state.database.writer}:
            slow.watch(engine, config.slow_statement_ms / 1000)
    app.state.note_file = note_file
    announce()
    pages.SHARED["captures"] = kinds  # what phones have to know of them stands in the pages they keep
    signposts.take_in(app, routers())
    refusals.add_to(app, greet=who_is_there)
    packed = (*DEFAULT_EXCLUDED_CONTENT_TYPES, XLSX_MEDIA_TYPE)  # a workbook is packed already
    app.add_middleware(GZipMiddleware, minimum_size=800, compresslevel=4, exclude_content_types=packed)
    if built.DIST_DIR.is_dir():
        app.add_middleware(
            ServeStaticASGI,
            root=built.DIST_DIR,
            prefix="assets/",
            allow_all_origins=False,
            immutable_file_test=r"^.+-[0-9A-Z]{8,}\..+$",
        )
    app.add_middleware(Shell, settings=config)
    return app
