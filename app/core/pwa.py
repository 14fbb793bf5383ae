"""What makes the pages an app: manifest, worker, offline page, icons at their well-known addresses."""

from fastapi import Request
from fastapi.responses import FileResponse, JSONResponse, Response

from app.core import built, pages
from app.core.errors import NotFoundError
from app.core.i18n import gettext as _
from app.core.routing import Nobody, Router
from app.core.settings import settings

router = Router()


@router.get("/manifest.webmanifest")
def manifest(_door: Nobody) -> Response:
    """How the app looks when it is put on a home screen."""
    icons = [
        {"src": built.asset(f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any"}
        for size in (192, 512)
    ]
    icons.append(
        {"src": built.asset("icon-maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"}
    )
    return JSONResponse(
        {
            "id": "/",
            "name": _("Sanliang"),
            "short_name": _("Sanliang"),
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "lang": pages.html_lang(),
            "background_color": "#f7f5f1",
            "theme_color": "#ae141c",
            "icons": icons,
            "shortcuts": [
                {"name": name, "url": url, "icons": icons[:1]}
                for name, url in ((_("Record"), "/study/new"), (_("Wishes"), "/wishes"), (_("Sheet"), "/sheet"))
                if url != "/wishes" or settings().uses("wishes")
            ],
            "screenshots": [
                {
                    "src": built.asset(f"screen-{name}.webp"),
                    "sizes": "780x1688",
                    "type": "image/webp",
                    "form_factor": "narrow",
                    "label": label,
                }
                for name, label in (("today", _("Today")), ("record", _("Record")))
            ],
        },
        media_type="application/manifest+json",
        headers={"Cache-Control": "public, max-age=3600", "Vary": "Accept-Language, Cookie"},
    )


@router.get("/worker.js")
def worker(_door: Nobody) -> Response:
    """The service worker; always asked for afresh, so that a new version arrives.

    Raises:
        NotFoundError: ``web/`` was not built.
    """
    file = built.DIST_DIR / "worker.js"
    if not file.exists():
        raise NotFoundError
    return FileResponse(file, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@router.get("/assets/{name}")
def of_another_version(name: str, _door: Nobody) -> Response:
    """A file that this version does not have, for a page that another one has drawn.

    Raises:
        NotFoundError: no version that was here of late has it.
    """
    file = built.of_another_version(name)
    if file is None:
        raise NotFoundError
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return FileResponse(file, media_type=built.TYPES[file.suffix], headers=headers)


@router.get("/offline")
def offline(request: Request, _door: Nobody) -> Response:
    """The page the worker shows when there is no network; it says nothing about anybody."""
    return pages.render_shell(request, "offline.html")


@router.get("/outbox")
def outbox(request: Request, _door: Nobody) -> Response:
    """What lies in the phone's queue. The page is the same for everybody; the phone fills it in."""
    return pages.render_shell(request, "outbox.html")


@router.get("/favicon.ico")
def favicon(_door: Nobody) -> Response:
    """For browsers that ask without being told."""
    return pages.see_other(built.asset("favicon.svg"))
