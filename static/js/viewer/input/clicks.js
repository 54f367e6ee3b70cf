/** Which press is a double or a triple click; pure. */

const WITHIN_MS = 500;
const WITHIN_PX = 5;
const MOST = 3;

export class ClickCounter {
  #last = { button: "", x: 0, y: 0, at: Number.NEGATIVE_INFINITY, count: 0 };

  /**
   * @param {string} button
   * @param {{clientX: number, clientY: number, timeStamp: number}} event
   * @returns {number} 1, 2 or 3
   */
  press(button, { clientX: x, clientY: y, timeStamp: at }) {
    const last = this.#last;
    const near = Math.abs(x - last.x) <= WITHIN_PX && Math.abs(y - last.y) <= WITHIN_PX;
    const again = button === last.button && near && at - last.at <= WITHIN_MS;
    const count = again ? (last.count % MOST) + 1 : 1;
    this.#last = { button, x, y, at, count };
    return count;
  }
}
