"""The application: the only importer of routes."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import FastAPI
from servestatic import ServeStaticASGI
from starlette.middleware.gzip import GZipMiddleware

from app.core import health, pages, pwa, refusals
from app.core.db import Database
from app.core.middleware import Shell
from app.core.settings import Settings, settings
from app.features.approvals import routes as approvals
from app.features.audit import routes as audit
from app.features.home import routes as home
from app.features.members import routes as members
from app.features.members.exemptions import routes as exemptions
from app.features.members.posts import routes as posts
from app.features.notices import routes as notices
from app.features.organisations import routes as organisations
from app.features.organisations.communities import routes as communities
from app.features.roster import routes as roster
from app.features.scores import routes as scores
from app.features.shows.cards import routes as cards
from app.features.shows.duties import routes as duties
from app.features.shows.duties.branch import routes as duties_of_branch
from app.features.shows.duties.imports import routes as duty_imports
from app.features.shows.pledges import routes as pledges
from app.features.shows.pledges.branch import routes as pledges_of_branch
from app.features.shows.pledges.drafts import routes as pledge_drafts
from app.features.shows.pledges.library import routes as pledge_library
from app.features.shows.pledges.telling import routes as pledge_telling
from app.features.shows.public import routes as public
from app.features.shows.wall import routes as wall
from app.features.sign_in import routes as sign_in
from app.features.sign_in.door import note_file, who_is_there
from app.features.slips import routes as slips
from app.features.study import routes as study
from app.features.sync import routes as sync
from app.features.wishes import routes as wishes
from app.features.wishes.claims import routes as claims
from app.features.wishes.contacts import routes as contacts
from app.features.wishes.desk import routes as wish_desk
from app.features.wishes.fulfilment import routes as fulfilment
from app.features.wishes.imports import routes as wish_imports
from app.features.wishes.intake import routes as wish_intake
from app.features.wishes.moderation import routes as moderation
from app.features.wishes.posters import routes as posters
from app.features.wishes.public import routes as residents
from app.features.wishes.publishing import routes as wish_publishing
from app.features.wishes.reports import routes as wish_reports
from app.features.wishes.revisits import routes as revisits
from app.features.wishes.rights import routes as wish_rights
from app.features.wishes.stories import routes as stories

log = logging.getLogger("sanliang")
ROUTERS = (
    health.router,
    pwa.router,
    home.router,
    notices.router,
    roster.router,
    sign_in.router,
    slips.router,
    members.router,
    posts.router,
    exemptions.router,
    organisations.router,
    communities.router,
    residents.router,
    moderation.router,
    wish_imports.router,
    wish_reports.router,
    posters.router,
    stories.router,
    wishes.router,
    claims.router,
    fulfilment.router,
    revisits.router,
    contacts.router,
    wish_desk.router,
    wish_intake.router,
    wish_publishing.router,
    wish_rights.router,
    study.router,
    cards.router,
    duties_of_branch.router,
    duty_imports.router,
    duties.router,
    pledges.router,
    pledges_of_branch.router,
    pledge_drafts.router,
    pledge_library.router,
    pledge_telling.router,
    public.router,
    wall.router,
    scores.router,
    approvals.router,
    audit.router,
    sync.router,
)


def create_app(config: Settings | None = None, database: Database | None = None) -> FastAPI:
    """Everything an installation serves; tests pass a ``database`` of their own."""
    config = config or settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = config.threads
        pages.environment()  # a broken template shows at the start, not at the first visitor
        yield
        app.state.database.close()

    app = FastAPI(title="Sanliang", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.database = database or Database(config.resolved_database_url, pool_size=config.threads)
    app.state.note_file = note_file
    for router in ROUTERS:
        app.include_router(router)
    refusals.add_to(app, greet=who_is_there)
    app.add_middleware(GZipMiddleware, minimum_size=800, compresslevel=4)
    if pages.DIST_DIR.is_dir():
        app.add_middleware(
            ServeStaticASGI,
            root=pages.DIST_DIR,
            prefix="assets/",
            allow_all_origins=False,
            immutable_file_test=r"^.+-[0-9A-Z]{8,}\..+$",
        )
    app.add_middleware(Shell, settings=config)
    return app
