// What the organiser's phone draws, a member's phone reads.
import assert from "node:assert/strict";
import { test } from "node:test";

import encode from "../../web/scripts/qr.js";
import decode from "../../web/scripts/scan.js";

test("what is drawn is read", () => {
  const address = "https://dangjian.example.cn/m/01a22923-761c-716c-8ccf-6faba0969607#574434";
  const modules = encode(address, "raw", { border: 2 });
  const size = 4;
  const width = modules.length * size;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  for (let y = 0; y < width; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (modules[Math.floor(y / size)][Math.floor(x / size)]) data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  assert.equal(decode({ width, height: width, data }), address);
});
