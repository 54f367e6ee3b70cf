/** Which of a list's items are chosen, and where one goes by key; pure. */

export class Selection {
  /** @type {Set<string>} */
  #ids = new Set();
  #anchor = "";

  get ids() {
    return [...this.#ids];
  }

  get size() {
    return this.#ids.size;
  }

  /** @param {string} id */
  has(id) {
    return this.#ids.has(id);
  }

  /** @param {string} id @param {boolean} [chosen] */
  toggle(id, chosen = !this.#ids.has(id)) {
    if (chosen) this.#ids.add(id);
    else this.#ids.delete(id);
    this.#anchor = id;
  }

  /**
   * Everything from the one that was toggled last to `id` becomes chosen.
   * @param {string} id
   * @param {string[]} order
   */
  extend(id, order) {
    const ends = [order.indexOf(this.#anchor), order.indexOf(id)].filter((index) => index >= 0);
    for (const one of order.slice(Math.min(...ends), Math.max(...ends) + 1)) this.#ids.add(one);
    this.#anchor = id;
  }

  /** @param {string[]} ids */
  replace(ids) {
    this.#ids = new Set(ids);
  }

  /** What is no longer there is no longer chosen. @param {string[]} order */
  keep(order) {
    const there = new Set(order);
    for (const id of this.#ids) if (!there.has(id)) this.#ids.delete(id);
  }
}

/** @type {Readonly<Record<string, (columns: number) => number>>} */
const STEPS = {
  j: () => 1,
  k: () => -1,
  ArrowRight: () => 1,
  ArrowLeft: () => -1,
  ArrowDown: (columns) => columns,
  ArrowUp: (columns) => -columns,
};

/**
 * @param {string} key
 * @param {number} index where one is; -1: nowhere yet
 * @param {number} count
 * @param {number} columns
 * @returns {number | null} where the key leads; null for a key that leads nowhere
 */
export function stepTo(key, index, count, columns) {
  const step = STEPS[key];
  // In a table there is nothing beside.
  const sideways = key === "ArrowRight" || key === "ArrowLeft";
  if (!step || !count || (sideways && columns === 1)) return null;
  if (index < 0) return 0;
  return Math.min(count - 1, Math.max(0, index + step(columns)));
}
