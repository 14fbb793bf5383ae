/**
 * What is marked `data-for` is shown to some alone: to a `member` of a branch, to a `collector` of wishes, to whoever only
 * works for a `community`. Pages that a phone keeps for everybody do not know who opens them until the phone says it.
 */
import { listsOf } from "../offline/lists.js";
import { outbox, watch } from "../offline/standing.js";

watch(async ({ member }) => {
  const lists = await listsOf(outbox, member);
  if (!lists) return;
  /** @type {Record<string, boolean>} */
  const is = { member: lists.is_member, collector: Boolean(lists.wish), community: !lists.is_member };
  for (const element of document.querySelectorAll("[data-for]")) {
    element.toggleAttribute("hidden", !is[element.getAttribute("data-for") ?? ""]);
  }
});
