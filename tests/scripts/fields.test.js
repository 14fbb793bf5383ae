/** What is filled in, when it happened, and how moments read. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { TapTwice, momentOf, payloadOf, today } from "../../web/scripts/components/fields.js";
import { inWords } from "../../web/scripts/components/moments.js";

const NOW = new Date(2026, 10, 22, 8, 12);

function filled(fields) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

test("fields become the payload: numbers are numbers, what may be empty is null", () => {
  const form = filled({ title: " 《条例》 ", minutes: "30", takeaway: " ", id: "not asked for" });
  assert.deepEqual(payloadOf(form, "title minutes:number takeaway? kind"), {
    title: "《条例》", minutes: 30, takeaway: null, kind: "",
  });
});

test("a number that may stay empty is null then, and never zero", () => {
  assert.deepEqual(payloadOf(filled({ yuan: "" }), "yuan?:number"), { yuan: null });
  assert.deepEqual(payloadOf(filled({ yuan: "120" }), "yuan?:number"), { yuan: 120 });
});

test("without a chosen day it happened now; an earlier day has no hour and means noon", () => {
  assert.equal(new Date(momentOf("", undefined, NOW)).getTime(), NOW.getTime());
  assert.equal(new Date(momentOf(today(NOW), undefined, NOW)).getTime(), NOW.getTime());
  assert.equal(new Date(momentOf("2026-11-20", undefined, NOW)).getTime(), new Date(2026, 10, 20, 12).getTime());
  assert.equal(momentOf("2099-11-20", undefined, NOW).slice(0, 10), "2099-11-20"); // a slow phone moves no day
});

test("recorded anew it keeps its moment, unless its day was changed", () => {
  const known = "2026-11-03T15:02:00.000+08:00";
  assert.equal(momentOf("2026-11-03", known, NOW), known);
  assert.equal(momentOf("", known, NOW), known);
  assert.equal(momentOf("2026-11-04", known, NOW).slice(0, 16), "2026-11-04T12:00");
});

test("the same content twice at once is one tap too many; later or different it is another record", () => {
  let clock = 0;
  const twice = new TapTwice(() => clock);
  assert.equal(twice.is(["a"]), false);
  clock = 300;
  assert.equal(twice.is(["a"]), true);
  assert.equal(twice.is(["b"]), false);
  clock = 2300;
  assert.equal(twice.is(["b"]), false);
});

for (const [lang, ago, words] of [
  ["zh-CN", 0, "今天 08:12"],
  ["zh-CN", 1, "昨天 08:12"],
  ["zh-CN", 19, "11月3日 08:12"],
  ["zh-CN", 400, "2025年10月18日 08:12"],
  ["en", 0, "today 08:12"],
  ["en", 19, "November 3 08:12"],
]) {
  test(`${ago} days ago in ${lang}: ${words}`, () => {
    const moment = new Date(2026, 10, 22 - ago, 8, 12);
    assert.equal(inWords(moment.toISOString(), lang, NOW), words);
  });
}

test("five past midnight is 00:05", () => {
  assert.equal(inWords(new Date(2026, 10, 22, 0, 5).toISOString(), "en", NOW), "today 00:05");
});
