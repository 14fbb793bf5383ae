/** Which meeting a page of the code of the room is about: its address says it, also where the phone kept the page. */
export function roomOfPage() {
  const [, id = "", code] = /^\/(?:m|meetings)\/([\da-f-]{36})(\/code)?$/.exec(location.pathname) ?? [];
  return { id, showsCode: Boolean(code) };
}

/** @typedef {{id: string, title: string, secret: string | null}} Room */

/**
 * The meetings of these days that this phone took along, and by how many milliseconds its clock was behind then.
 * @param {import("../offline/types.js").Lists | null} lists
 */
export function roomsOf(lists) {
  const rooms = /** @type {Room[]} */ (lists?.rooms ?? []);
  const behind = Date.parse(String(lists?.rooms_at)) - Date.parse(lists?.taken_at ?? "");
  return { rooms, behind: Math.abs(behind) > TOLERATED_MS ? behind : 0 };
}

const TOLERATED_MS = 30_000;
