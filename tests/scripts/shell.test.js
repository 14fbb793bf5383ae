/** The shell is of one version, whole: while an update goes on, servers of two versions answer. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

const FILES = ["/assets/main-AAAAAAAA.js", "/outbox", "/sync/offline.json"];
const caches = new Map();
/** Which version answers for a path. */
let answers = {};

globalThis.SHELL = FILES;
globalThis.VERSION = "new";
globalThis.caches = {
  open: async (name) => {
    if (!caches.has(name)) caches.set(name, new Map());
    return { put: async (path, response) => void caches.get(name).set(path, await response.text()) };
  },
};
globalThis.fetch = async (path) => {
  const version = answers[path] ?? "new";
  if (path.startsWith("/assets/")) return new Response("file", { status: version === "new" ? 200 : 404 });
  return new Response(`page of ${version}`, { headers: version ? { "Sanliang-Shell": version } : {} });
};
const { fillShell } = await import("../../web/scripts/offline/shell.js");

beforeEach(() => {
  caches.clear();
  answers = {};
});

test("a shell of one version is kept whole", async () => {
  await fillShell();
  assert.deepEqual([...caches.get("shell-new").keys()], FILES);
});

for (const [path, version] of [
  ["/outbox", "old"],
  ["/sync/offline.json", "old"],
  ["/outbox", ""],
  ["/assets/main-AAAAAAAA.js", "old"],
]) {
  test(`nothing is kept where ${path} comes from ${version || "a version that does not say which"}`, async () => {
    answers[path] = version;
    await assert.rejects(fillShell(), new RegExp(path));
    assert.equal(caches.size, 0);
  });
}
