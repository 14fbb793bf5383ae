"""A phone with the app on it: what a member's fingers do there, what lies in its queue, what the server has of it."""

import json
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, CDPSession, Locator, Page, Request, Response, expect
from sqlalchemy import select

from app.core import clock
from app.core.db import Database
from app.core.ids import new_id
from app.features.members.rules import Role
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.sign_in.models import SignInSession
from app.features.sign_in.rules import COOKIE, PHONE_SESSION
from app.features.study.models import StudyRecord
from tests.features.sync.makers import phone_time
from tests.makers import Person, make_branch, make_member
from tests.server import Server

NEW: Final = "/study/new"
OUTBOX: Final = "/outbox"
READ_QUEUE: Final = """async () => new Promise((resolve, reject) => {
    const opening = indexedDB.open("sanliang");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
        const items = opening.result.transaction("items").objectStore("items").getAll();
        items.onsuccess = () => { opening.result.close(); resolve(items.result); };
    };
})"""
PUT_INTO_QUEUE: Final = """async (items) => new Promise((resolve, reject) => {
    const opening = indexedDB.open("sanliang");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
        const transaction = opening.result.transaction("items", "readwrite");
        for (const item of items) transaction.objectStore("items").put(item);
        transaction.onabort = () => reject(transaction.error);
        transaction.oncomplete = () => { opening.result.close(); resolve(); };
    };
})"""
READABLE: Final = (
    "/",
    "/shows",
    "/wishes",
    "/study",
    "/study/plan",
    "/volunteering",
    "/sheet",
    "/meetings",
    "/ballots",
    "/leave",
)
"""The pages whose last copy opens without a network."""
SHELL_IS_KEPT: Final = """async () => {
    const { active } = await navigator.serviceWorker.ready;
    const cacheName = (await caches.keys()).find((name) => name.startsWith("shell-"));
    const capture = cacheName && (await caches.match("/study/new", { cacheName }));
    const inCopies = { cacheName: "copies" };
    const readable = READABLE;
    const copies = await Promise.all(readable.map((path) => caches.match(path, inCopies)));
    const { memberId } = document.documentElement.dataset;
    const isTheirs = (copy) => copy && (!memberId || copy.headers.get("X-Member") === memberId);
    return Boolean(active.state === "activated" && capture && copies.every(isTheirs));
}""".replace("READABLE", json.dumps(READABLE))
"""The worker need not control this page: one that was on its way when the worker came to life is never claimed."""
UNTIL: Final = """async () => {
    const check = CHECK;
    for (let left = 2000; !(await check()); left -= 1) {
        if (!left) throw new Error("it never came true: CHECK");
        await new Promise((go) => setTimeout(go, 30));
    }
}"""
SPEAKS_UP: Final = """() => {
    const queue = new BroadcastChannel("sanliang:outbox");
    navigation.addEventListener("navigate", () => queue.postMessage("changed"));
}"""
"""What waits is looked at once more just when a page is being left."""
NO_BACKGROUND_SYNC: Final = "delete globalThis.ServiceWorkerRegistration?.prototype.sync"
_numbers = count(1)


@dataclass(frozen=True)
class Recorded:
    """What the server has of one study record."""

    id: str
    title: str
    status: ReviewStatus
    flags: frozenset[str]
    occurred_on: date
    device_time: str


@dataclass(frozen=True)
class Colleagues:
    """The people of a branch that was made for one test."""

    alice: Person
    bob: Person
    sam: Person


def make_colleagues(server: Server) -> Colleagues:
    """A new branch on ``server`` with two members and their secretary."""
    number = next(_numbers)
    database = Database(f"sqlite:///{server.database}")
    with database.write() as session:
        branch = make_branch(session, f"离线第{number}党支部")
        alice, bob, sam = (
            make_member(
                session, branch, name, roles=roles, phone=f"137{number:07}{place}", member_number=f"L{number}-{place}"
            )
            for place, (name, roles) in enumerate([("艾莉", ()), ("包波", ()), ("沈山", (Role.SECRETARY,))])
        )
    database.close()
    return Colleagues(alice, bob, sam)


def let_in(context: BrowserContext, person: Person, url: str) -> None:
    """Let the browser be one on which ``person`` has signed in."""
    context.add_cookies([{"name": COOKIE, "value": person.token, "url": url, "httpOnly": True, "sameSite": "Lax"}])


def until(page: Page, check: str) -> None:
    """Until the function ``check``, which may be async, is true on the page.

    Raises:
        playwright.sync_api.Error: it was not for a minute.
    """
    page.evaluate(_patiently(check))


def until_queue_has(number: int) -> str:
    """A script that ends when so many items lie on the phone's disk."""
    return _patiently(f"async () => (await ({READ_QUEUE})()).length === {number}")


def _patiently(check: str) -> str:
    said = check.replace('"', "'").replace("\n", " ")
    return UNTIL.replace("CHECK", check, 1).replace("CHECK", said)


def wait_for_shell(page: Page) -> None:
    """Until what the page needs without a network is on the phone."""
    until(page, SHELL_IS_KEPT)


def record(page: Page, title: str) -> None:
    """Record on the capture page, and return when the phone has it."""
    page.locator("#title").fill(title)
    page.locator("#capture button").last.click()
    expect(page.locator("#title")).to_have_value("")


def rows(page: Page, of: str) -> Locator:
    """The rows of the list ``waiting``, ``needs_you`` or ``sent``."""
    return page.locator(f"outbox-list[data-of={of}] li")


def bar(page: Page, when: str) -> Locator:
    """The calm bar for ``offline``, ``copy``, ``sign_in`` …"""
    return page.locator(f"network-state [data-when={when}]")


def queue(page: Page) -> list[dict[str, Any]]:
    """The items on the phone's disk, oldest first."""
    items: list[dict[str, Any]] = page.evaluate(READ_QUEUE)
    return sorted(items, key=lambda item: int(item["seq"]))


def wait_for_queue(page: Page, number: int = 0) -> None:
    """Until so many items lie on the phone's disk."""
    page.evaluate(until_queue_has(number))


def put_into_queue(page: Page, person: Person, *items: dict[str, Any]) -> None:
    """Lay items of ``person`` into the phone's queue, as if they had been recorded here."""
    kept = {"state": "waiting", "tried": False, "verdict": None, "note": "", "member_id": str(person.id)}
    page.evaluate(PUT_INTO_QUEUE, [{"label": item["payload"].get("title", ""), **kept, **item} for item in items])


def captured(title: str, **fields: Any) -> dict[str, Any]:
    """An item as a phone makes it."""
    return {
        "id": str(new_id()),
        "kind": "study.record",
        "payload": {"title": title, "minutes": 30, "takeaway": None, "kind": "self_study"},
        "occurred_at": phone_time(),
        "seq": next(_numbers),
        "depends_on": None,
        "made_offline": True,
        "would_be_refused": None,
        **fields,
    }


def recorded(server: Server, person: Person) -> list[Recorded]:
    """What ``server`` has of ``person``, in the order of the acts."""
    statement = (
        select(StudyRecord, Review)
        .join(Review, Review.id == StudyRecord.id)
        .where(StudyRecord.member_id == person.id)
        .order_by(StudyRecord.occurred_at, StudyRecord.id)
    )
    database = Database(f"sqlite:///{server.database}")
    with database.read() as session:
        found = [
            Recorded(
                id=str(study.id),
                title=study.title,
                status=review.status,
                flags=frozenset(flag.value for flag in review.flags),
                occurred_on=study.occurred_on,
                device_time=study.device_time,
            )
            for study, review in session.execute(statement)
        ]
    database.close()
    return found


def titles(server: Server, person: Person) -> list[str]:
    """The titles of what ``server`` has of ``person``, in the order of the acts."""
    return [one.title for one in recorded(server, person)]


def end_sessions(server: Server, person: Person) -> None:
    """Let every session of ``person`` be over, as time would: nobody has ended it."""
    database = Database(f"sqlite:///{server.database}")
    with database.write() as session:
        mine = select(SignInSession).where(SignInSession.member_id == person.id)
        for one in session.scalars(mine):
            one.created_at = clock.now() - 2 * PHONE_SESSION
    database.close()


def network_returns(page: Page) -> None:
    """Let the phone notice a network, as its system would tell."""
    page.evaluate("dispatchEvent(new Event('online'))")


def departures(page: Page) -> list[str]:
    """A list that grows by each address that ``page`` is led to; while it is on its way its queue speaks up again."""
    page.evaluate(SPEAKS_UP)
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.is_navigation_request():
            asked.append(urlsplit(request.url).path)

    page.on("request", note)
    return asked


def registration(page: Page, debugger: CDPSession, origin: str) -> dict[str, str]:
    """Which worker is meant, as ``debugger`` of ``page`` names that of ``origin``."""
    known: list[dict[str, str]] = []
    debugger.on("ServiceWorker.workerRegistrationUpdated", lambda said: known.extend(said["registrations"]))
    debugger.send("ServiceWorker.enable")
    while not (ours := [one for one in known if one["scopeURL"].startswith(origin)]):
        page.wait_for_timeout(20)  # lets the debugger speak; it may say the same twice
    return {"origin": origin, "registrationId": ours[-1]["registrationId"]}


def answered_ids(page: Page) -> list[str]:
    """A list that grows by the ids of the items in each batch that is answered from now on, in whatever way.

    The worker, whose requests are not seen, does not send meanwhile.
    """
    page.context.add_init_script(NO_BACKGROUND_SYNC)
    for tab in page.context.pages:
        tab.evaluate(NO_BACKGROUND_SYNC)
    ids: list[str] = []

    def note(response: Response) -> None:
        if response.url.endswith("/sync"):
            ids.extend(item["id"] for item in (response.request.post_data_json or {})["items"])

    page.context.on("response", note)
    return ids
