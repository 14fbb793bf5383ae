/**
 * What is seen while the server is asked: at once which tab one goes to, and after a moment that it takes its time, on top
 * of the page and in the pressed button alone; and in words when it goes on, or when it is a file that is being made. A
 * file that has come says so by a cookie (`pages.download`), for browsers tell pages nothing of downloads.
 */

const PATIENCE_MS = 200;
const SLOW_MS = 8_000;
const LONGEST_MS = 15_000;
const FILE_MS = 60_000;
const LOOK_MS = 200;
const CAME = "sanliang_came=";
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {ReturnType<typeof setInterval> | undefined} */
let looking;
/** @type {HTMLAnchorElement | null} The link whose file is being made. */
let awaited = null;
/** Puts back what the pressed button said. */
let restore = () => {};
/** @type {HTMLElement | null} */
let pressed = null;

document.addEventListener("submit", ({ submitter }) => (pressed = submitter), { capture: true });
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) begin(pressed); // htmx and the queue ask, or keep, by themselves
});
document.addEventListener("htmx:before:request", ({ target }) => {
  begin(/** @type {Element} */ (target).matches("form") ? pressed : null); // a row that opens has pressed nothing
});
document.addEventListener("htmx:finally:request", end);
addEventListener("pageshow", end);

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (event.target).closest("a[href]"));
  if (!link || link.target || link.download || link.origin !== location.origin) return;
  if (link.pathname.endsWith(".xlsx")) {
    if (link === awaited) event.preventDefault();
    else begin(null, link);
    return;
  }
  if (/\.\w+$/.test(link.pathname)) return;
  if (link.hash && link.pathname === location.pathname) return;
  const tabs = link.closest(".tabs");
  for (const tab of tabs?.querySelectorAll("a") ?? []) {
    if (tab === link) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  begin(null);
});

/**
 * @param {HTMLElement | null} button
 * @param {HTMLAnchorElement | null} file
 */
function begin(button, file = null) {
  end();
  document.cookie = `${CAME}; Max-Age=0; Path=/`;
  awaited = file;
  timer = setTimeout(() => {
    if (came()) return;
    mark(true);
    looking = setInterval(came, LOOK_MS);
    timer = setTimeout(
      () => {
        line.append(told);
        told.textContent = words(file ? "making" : "slow"); // once it stands there: or it is not read out
        timer = setTimeout(end, file ? FILE_MS : LONGEST_MS - SLOW_MS);
      },
      file ? 0 : SLOW_MS - PATIENCE_MS,
    );
    file?.setAttribute("aria-busy", "true");
    if (!button) return;
    const said = [...button.childNodes];
    button.setAttribute("aria-busy", "true");
    button.replaceChildren(rays(), words("busy"));
    restore = () => {
      button.removeAttribute("aria-busy");
      button.replaceChildren(...said);
    };
  }, PATIENCE_MS);
}

/** Whether the file is there; then nothing is waited for any more. */
function came() {
  const is = document.cookie.includes(CAME);
  if (is) end();
  return is;
}

function end() {
  pressed = null;
  awaited?.removeAttribute("aria-busy");
  awaited = null;
  clearTimeout(timer);
  clearInterval(looking);
  mark(false);
  restore();
  restore = () => {};
}

/** The thin line on top. */
const line = document.createElement("div");
line.className = "load";
line.append(document.createElement("i"));
const told = document.createElement("p");
told.setAttribute("role", "status");

/** @param {"busy" | "slow" | "making"} when */
function words(when) {
  return document.querySelector(`meta[name='sanliang-${when}']`)?.getAttribute("content") ?? "";
}

/** @param {boolean} busy */
function mark(busy) {
  document.getElementById("main")?.setAttribute("aria-busy", String(busy));
  if (busy) document.body.append(line);
  else {
    told.remove();
    line.remove();
  }
}

/** The page's own sign, whose rays light up one after the other: in a part of its own, or no style would reach them. */
function rays() {
  const sign = document.getElementById("rays");
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawn.setAttribute("class", "rays busy");
  drawn.setAttribute("aria-hidden", "true");
  drawn.setAttribute("viewBox", sign?.getAttribute("viewBox") ?? "");
  drawn.append(...(sign?.cloneNode(true).childNodes ?? []));
  return drawn;
}
