/**
 * The shell: pages and files of one version that open without a network. They are the same for everybody and name
 * nobody; the phone fills them in.
 */

const CACHE = `shell-${VERSION}`;
/** Pages that open from the shell, by address. */
const PAGES = new Map([
  ["/study/new", "/study/capture"],
  ["/outbox", "/outbox"],
  ["/offline", "/offline"],
]);
const FILES = new Set(SHELL);
const SCRIPT = SHELL.find((path) => path.endsWith(".js")) ?? "";

/**
 * The page or file of the shell that `url` means; `undefined` when it is none, or the browser has thrown it away.
 * @param {URL} url
 */
export async function fromShell(url) {
  const path = PAGES.get(url.pathname) ?? url.pathname;
  if (url.search || !FILES.has(path)) return undefined;
  return caches.match(path, { cacheName: CACHE });
}

/**
 * Fetch the whole shell, or leave what is there.
 *
 * Throws when a page is of another version than this worker: that version brings its own.
 */
export async function fillShell() {
  const answers = await Promise.all(SHELL.map(async (path) => ({ path, response: await fetch(path, fresh(path)) })));
  for (const { path, response } of answers) {
    const isPage = response.headers.get("Content-Type")?.startsWith("text/html");
    if (!response.ok || response.redirected) throw new Error(`${path}: ${response.status}`);
    if (isPage && !(await response.clone().text()).includes(SCRIPT)) throw new Error(`${path}: another version`);
  }
  const cache = await caches.open(CACHE);
  await Promise.all(answers.map(({ path, response }) => cache.put(path, response)));
}

/**
 * Language, theme and size of type are part of the shell's pages: after a new choice they are fetched again.
 * @param {string} looks as the `<html>` of a page that has just come says them
 */
export async function refreshShell(looks) {
  const kept = await caches.match("/outbox", { cacheName: CACHE });
  if (!(await kept?.text())?.includes(looks)) await fillShell();
}

/** Only this version stays. */
export async function forgetOldShells() {
  const old = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/**
 * The content of a file with a digest in its name never changes; the pages do.
 * @param {string} path
 * @returns {RequestInit}
 */
function fresh(path) {
  return path.startsWith("/assets/") ? {} : { cache: "reload" };
}
