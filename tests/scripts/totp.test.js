// The code of a minute, as the server computes it (tests/features/meetings/test_venue_code.py has the same digest).
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { codeAt } from "../../web/scripts/offline/totp.js";

/** Of the codes of 1,000 secrets and moments, both drawn from the digests of 0 to 999. */
const DIGEST = "e7fd6ebc9e8540464a0f41f5a7f9306d386f8bdea74b2d8f3b0493a74c10dc2b";

test("the codes of the examples", async () => {
  const hex = Buffer.from("12345678901234567890").toString("hex");
  const examples = { 0: "755224", 59: "755224", 60: "287082", 1111111109: "360094", 1234567890: "713351", 2000000000: "864010" };
  for (const [second, code] of Object.entries(examples)) assert.equal(await codeAt(hex, Number(second) * 1000), code);
});

test("1,000 random secrets and moments give what the server gives", async () => {
  const all = createHash("sha256");
  for (let number = 0; number < 1000; number += 1) {
    const drawn = createHash("sha256").update(String(number)).digest();
    all.update(await codeAt(drawn.subarray(0, 20).toString("hex"), drawn.readUInt32BE(20) * 1000));
  }
  assert.equal(all.digest("hex"), DIGEST);
});
