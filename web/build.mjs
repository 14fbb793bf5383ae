/**
 * Builds dist/: bundles with the digest of their content in the name, a manifest that says which is which,
 * a brotli and a gzip copy beside each file, and the service worker that knows them all.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

import { build } from "esbuild";

const OUT = "dist";
const TARGET = ["chrome86", "ios15"];
const COMPRESSIBLE = new Set([".js", ".css", ".svg", ".json"]);
/** What the worker keeps at hand for a phone without a network, besides the pages in `SHELL_PAGES`. */
const SHELL_FILES = /^(main|quiz|quiz-page|icons|favicon|qr|scan)\./;
const SHELL_PAGES = ["/study/new", "/outbox", "/offline", "/m", "/sync/offline.json"];
const { version: app } = JSON.parse(await readFile("package.json", "utf-8"));
const APP_VERSION = JSON.stringify(app);

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });

const bundled = await build({
  entryPoints: {
    main: "scripts/main.js",
    quiz: "scripts/quiz.js",
    qr: "scripts/qr.js",
    scan: "scripts/scan.js",
    "main-style": "styles/main.css",
    "quiz-style": "styles/quiz-page.css",
    "public-style": "styles/public.css",
    "prints-style": "styles/prints.css",
  },
  outdir: OUT,
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  target: TARGET,
  metafile: true,
  legalComments: "none",
  define: { APP_VERSION },
});

/** @type {Record<string, string>} */
const manifest = {};
for (const [file, { entryPoint }] of Object.entries(bundled.metafile.outputs)) {
  if (entryPoint) manifest[basename(entryPoint)] = basename(file);
}
for (const name of await readdir("icons")) {
  const content = await readFile(join("icons", name));
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const named = `${basename(name, extname(name))}-${digest}${extname(name)}`;
  await writeFile(join(OUT, named), content);
  manifest[name] = named;
}
await writeFile(join(OUT, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);

const shell = Object.keys(manifest)
  .filter((name) => SHELL_FILES.test(name))
  .map((name) => `/assets/${manifest[name]}`);
const words = (await digestOf("templates", ".html")) + (await digestOf("locales", ".po"));
const version = createHash("sha256").update(JSON.stringify(manifest)).update(words).digest("hex").slice(0, 12);
await writeFile(join(OUT, "version"), version);
await build({
  entryPoints: ["scripts/worker.js"],
  outfile: join(OUT, "worker.js"),
  bundle: true,
  minify: true,
  format: "iife",
  target: TARGET,
  legalComments: "none",
  define: { SHELL: JSON.stringify([...shell, ...SHELL_PAGES]), VERSION: JSON.stringify(version), APP_VERSION },
});

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);
for (const name of await readdir(OUT)) {
  if (!COMPRESSIBLE.has(extname(name))) continue;
  const content = await readFile(join(OUT, name));
  const small = await brotli(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  await writeFile(join(OUT, `${name}.br`), small);
  await writeFile(join(OUT, `${name}.gz`), await zip(content, { level: 9 }));
  console.log(`${name}  ${content.length} B  brotli ${small.length} B`);
}

/**
 * @param {string} folder
 * @param {string} ending of the names of the files that matter
 */
async function digestOf(folder, ending) {
  const hash = createHash("sha256");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.filter((name) => name.endsWith(ending)).sort()) hash.update(await readFile(file));
  return hash.digest("hex");
}
