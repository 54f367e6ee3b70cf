/** The options of a `<select>`: what a key does to the highlight, and how they are grouped; pure. */

/** @typedef {{label: string, group: string, disabled: boolean}} Option */
/** @typedef {{group: string, from: number, to: number}} Run options of one group, `to` not among them */

const PAGE_ROWS = 10;
const TYPING_MS = 1000;

/** What has been typed without a pause. */
export class TypeAhead {
  #typed = "";
  #at = 0;

  /** @param {number} at */
  goesOn(at) {
    return this.#typed !== "" && at - this.#at < TYPING_MS;
  }

  /**
   * @param {string} letter
   * @param {number} at
   */
  add(letter, at) {
    this.#typed = this.goesOn(at) ? this.#typed + letter : letter;
    this.#at = at;
    return this.#typed;
  }
}

/**
 * The next option that begins with what was typed; the same letter again and again goes from one to the next.
 * @param {Option[]} options
 * @param {number} from
 * @param {string} typed
 * @returns {number} `from` when there is none
 */
export function found(options, from, typed) {
  const [first, ...others] = typed.toLocaleLowerCase();
  const again = others.every((letter) => letter === first);
  const wanted = again ? first : [first, ...others].join("");
  const begin = from + (again ? 1 : 0);
  for (let step = 0; step < options.length; step += 1) {
    const index = (Math.max(begin, 0) + step) % options.length;
    const { label, disabled } = options[index];
    if (!disabled && label.trim().toLocaleLowerCase().startsWith(wanted)) return index;
  }
  return from;
}

/** @typedef {{enabled: number[], before: number[], after: number[]}} Places */

/** @type {Readonly<Record<string, (places: Places) => number | undefined>>} */
const MOVES = {
  ArrowUp: ({ before }) => before.at(-1),
  ArrowDown: ({ after }) => after[0],
  PageUp: ({ before }) => before.at(-PAGE_ROWS) ?? before[0],
  PageDown: ({ after }) => after[PAGE_ROWS - 1] ?? after.at(-1),
  Home: ({ enabled }) => enabled[0],
  End: ({ enabled }) => enabled.at(-1),
};

/**
 * Where a key takes the highlight, past disabled options.
 * @param {Option[]} options
 * @param {number} from -1 for none
 * @param {string} key
 * @returns {number} `from` when the key goes nowhere
 */
export function moved(options, from, key) {
  const enabled = [...options.keys()].filter((index) => !options[index].disabled);
  const before = enabled.filter((index) => index < from);
  const after = enabled.filter((index) => index > from);
  return MOVES[key]?.({ enabled, before, after }) ?? from;
}

/**
 * The options cut where their group changes.
 * @param {Option[]} options
 * @returns {Run[]}
 */
export function runsOf(options) {
  /** @type {Run[]} */
  const runs = [];
  for (const [index, { group }] of options.entries()) {
    const last = runs.at(-1);
    if (last?.group === group) last.to = index + 1;
    else runs.push({ group, from: index, to: index + 1 });
  }
  return runs;
}
