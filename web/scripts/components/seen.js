/** Which rows of the queue the officer has seen, and which may then be ticked together. Pure. */

/** The part of a row, 0 to 1, that is on the screen when it is whole; a little less than 1 for heights between pixels. */
export const MOSTLY_WHOLE = 0.99;

/**
 * Whether all of the row is on the screen: an edge of it is not read.
 *
 * @param {{ isIntersecting: boolean, intersectionRatio: number }} entry
 */
export function isWhole({ isIntersecting, intersectionRatio }) {
  return isIntersecting && intersectionRatio >= MOSTLY_WHOLE;
}

/**
 * The boxes that may be ticked together: none before every row was seen, and none that goes with advice.
 *
 * @template {{ value: string, dataset: DOMStringMap }} Box
 * @param {Box[]} boxes
 * @param {Set<string>} seen their values
 */
export function freed(boxes, seen) {
  return boxes.every((box) => seen.has(box.value)) ? boxes.filter((box) => box.dataset.advised === undefined) : [];
}
