/**
 * The square of a picture that is kept, in pixels of the picture. Pure: pictures are sizes here.
 *
 * @typedef {{ width: number, height: number }} Size
 * @typedef {{ x: number, y: number, side: number }} Square
 */

/**
 * The largest square, in the middle.
 *
 * @param {Size} picture
 * @returns {Square}
 */
export function middle({ width, height }) {
  const side = Math.min(width, height);
  return { x: (width - side) / 2, y: (height - side) / 2, side };
}

/**
 * The square after a step, still inside the picture.
 *
 * @param {Square} square
 * @param {{ dx: number, dy: number }} step in pixels of the picture
 * @param {Size} picture
 * @returns {Square}
 */
export function moved(square, { dx, dy }, picture) {
  const { side } = square;
  return { x: within(square.x + dx, picture.width - side), y: within(square.y + dy, picture.height - side), side };
}

/**
 * A square `times` smaller than the largest one, around the same place as far as the picture reaches.
 *
 * @param {Square} square
 * @param {number} times from 1
 * @param {Size} picture
 * @returns {Square}
 */
export function zoomed(square, times, picture) {
  const side = Math.min(picture.width, picture.height) / times;
  const grown = (square.side - side) / 2;
  return moved({ x: square.x + grown, y: square.y + grown, side }, { dx: 0, dy: 0 }, picture);
}

/**
 * @param {number} value
 * @param {number} most
 */
function within(value, most) {
  return Math.max(0, Math.min(value, most));
}
