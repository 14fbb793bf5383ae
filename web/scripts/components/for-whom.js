/**
 * What is marked `data-for` is shown to some alone: to a `member` of a branch, to whoever only works for a `community`, or
 * to whom the phone has taken along the list of that name. Pages that a phone keeps for everybody do not know who opens them until the phone says it.
 */
import { listsOf } from "../offline/lists.js";
import { outbox, watch } from "../offline/standing.js";

watch(async ({ member }) => {
  const lists = await listsOf(outbox, member);
  if (!lists) return;
  /** @type {Record<string, unknown>} */
  const is = { ...lists, member: lists.is_member, community: !lists.is_member };
  for (const element of document.querySelectorAll("[data-for]")) {
    element.toggleAttribute("hidden", !is[element.getAttribute("data-for") ?? ""]);
  }
});
