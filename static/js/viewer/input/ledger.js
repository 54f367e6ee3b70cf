/** What this viewer holds down in the remote page, so that nothing stays down when the person is gone; pure. */

/** @typedef {{key: string, code: string}} HeldKey */

export class Ledger {
  /** @type {Map<string, HeldKey>} */
  #keys = new Map();
  /** @type {Map<string, number>} the click count of each button's press */
  #buttons = new Map();

  get buttonHeld() {
    return this.#buttons.size > 0;
  }

  /** The button that has been down the longest, as a drag's moves name it. */
  get dragButton() {
    return this.#buttons.keys().next().value ?? "none";
  }

  /** @param {HeldKey} key */
  keyDown({ key, code }) {
    this.#keys.set(code || key, { key, code });
  }

  /**
   * The key as it went down (Shift may have changed its name since), null if this viewer did not press it.
   * @param {HeldKey} key
   * @returns {HeldKey | null}
   */
  keyUp({ key, code }) {
    const held = this.#keys.get(code || key) ?? null;
    this.#keys.delete(code || key);
    return held;
  }

  /**
   * @param {string} button
   * @param {number} clicks
   */
  buttonDown(button, clicks) {
    this.#buttons.set(button, clicks);
  }

  /**
   * The click count of the press, null if this viewer did not press it.
   * @param {string} button
   * @returns {number | null}
   */
  buttonUp(button) {
    const clicks = this.#buttons.get(button) ?? null;
    this.#buttons.delete(button);
    return clicks;
  }

  /** Forgets and returns the held keys, the last pressed first. */
  takeKeys() {
    const keys = [...this.#keys.values()].reverse();
    this.#keys.clear();
    return keys;
  }

  /** Forgets and returns the held buttons. */
  takeButtons() {
    const buttons = [...this.#buttons].map(([button, clicks]) => ({ button, clicks }));
    this.#buttons.clear();
    return buttons;
  }
}
