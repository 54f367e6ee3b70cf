/** The hub of one live view: joins connection, picture, input and controls; holds who steers and which page is shown. */

import { windowEnvironment } from "./attempt.js";
import { Connection } from "./connection.js";
import { ControlArea, canSteer, nameOf, nobody } from "./control.js";
import { PageDialog } from "./dialog.js";
import { Display } from "./display.js";
import { listen, part } from "./dom.js";
import { FileChooser } from "./files.js";
import { Fit, windowFit } from "./fit.js";
import { clamped, toPage } from "./geometry.js";
import { Hud } from "./hud.js";
import { Input } from "./input/input.js";
import { Meter } from "./meter.js";
import { SelectList } from "./select.js";
import { Status } from "./status.js";
import { Tabs } from "./tabs.js";
import { ticketSource } from "./ticket.js";
import { Toolbar } from "./toolbar.js";
import { View } from "./view.js";
import { ack, navigate, parseFrame, settings } from "./wire.js";

/** @typedef {import("./wire.js").Message} Message */
/** @typedef {import("./wire.js").Frame} Frame */
/** @typedef {import("./connection.js").State} State */
/** @typedef {import("./connection.js").Detail} Detail */

/** @type {Record<string, string>} */
const DOWNLOADS = { completed: "downloaded", canceled: "the download broke off" };

export class Viewer {
  #section;
  /** @type {HTMLCanvasElement} */
  #canvas;
  /** @type {HTMLTextAreaElement} */
  #keys;
  #fetchTicket;
  /** @type {Connection | null} */
  #connection = null;
  #display;
  #fit;
  #input;
  #meter = new Meter();
  #hud;
  #toolbar;
  #tabs;
  #control;
  #dialog;
  #files;
  #select;
  #status;
  #view;
  #standing = nobody();
  /** @type {import("./wire.js").Viewport} */
  #viewport = { width: 1280, height: 720, device_scale_factor: 1 };
  #seq = 0;
  /** @type {(() => void)[]} */
  #undo = [];

  /** @param {HTMLElement} section */
  constructor(section) {
    this.#section = section;
    this.#canvas = part(section, "canvas");
    this.#keys = part(section, "keys");
    this.#fetchTicket = ticketSource(section, { fetch: (...request) => fetch(...request), location });
    this.#display = new Display(this.#canvas, this);
    this.#fit = new Fit(this.#canvas, (fit) => this.#say(settings({ fit })), windowFit());
    this.#input = new Input({ canvas: this.#canvas, textarea: this.#keys }, this);
    this.#hud = new Hud(section, this.#meter);
    this.#toolbar = new Toolbar(section, this);
    this.#tabs = new Tabs(section, this);
    this.#control = new ControlArea(section, (message) => this.#sendControl(message));
    this.#dialog = new PageDialog(section, this);
    this.#files = new FileChooser(section, this);
    this.#select = new SelectList(section, this);
    this.#status = new Status(section, this);
    this.#view = new View(section, this);
  }

  get #parts() {
    const bars = [this.#toolbar, this.#tabs, this.#control, this.#status, this.#view];
    return [this.#fit, this.#input, this.#dialog, this.#files, this.#select, ...bars];
  }

  start() {
    if (this.#undo.length) return;
    for (const each of this.#parts) each.start();
    this.#undo = [
      listen(document, { visibilitychange: this.#visibilityChanged }),
      listen(window, { online: this.#online, hashchange: this.#hashChanged, blur: this.#lookedAway }),
      listen(this.#canvas, { keydown: this.#keyedOutside, blur: this.#leftOutside }),
    ];
    this.#connect();
  }

  stop() {
    if (!this.#undo.length) return;
    for (const undo of this.#undo.splice(0)) undo();
    for (const each of this.#parts) each.stop();
    this.#hud.stop();
    this.#display.reset();
    this.#connection?.stop();
    this.#connection = null;
  }

  // ConnectionDelegate

  /**
   * @param {State} state
   * @param {Detail} detail
   */
  connectionChanged(state, detail) {
    this.#canvas.dataset.state = state;
    this.#status.showConnection(state, detail);
    if (state === "connected") return;
    this.#display.reset();
    this.#meter.reset();
    this.#dialog.hide();
    this.#files.hide();
    this.#select.hide();
    this.#showCursor("default");
    this.#stand({ attached: false, holder: null, requests: [], asked: false });
  }

  /** @param {ArrayBuffer} data */
  frameReceived(data) {
    const frame = parseFrame(data);
    if (frame) this.#display.show(frame);
  }

  /** @param {Message} message */
  messageReceived(message) {
    this.#receivers[message.type]?.(message);
  }

  // DisplayDelegate

  /** @param {Frame} frame */
  frameDrawn(frame) {
    this.#connection?.send(JSON.stringify(ack(frame.seq)));
    this.#meter.frameDrawn(frame, performance.now());
    this.#canvas.dataset.seq = String(frame.seq);
    this.#canvas.dataset.tab = String(frame.tab);
    this.#hud.wake();
  }

  // InputDelegate

  /** @param {Message} message */
  sendInput(message) {
    this.#seq += 1;
    this.#connection?.send(JSON.stringify({ ...message, seq: this.#seq }));
    this.#meter.inputSent(this.#seq, performance.now());
  }

  pressAllowed() {
    const { attached, role, holder } = this.#standing;
    if (this.#steering) return !this.#select.takesInput;
    if (attached && role === "control" && holder) {
      this.#status.mention(`Controlled by ${nameOf(holder)}: your clicks and keys go nowhere.`);
    }
    return false;
  }

  /** Passing over the picture does not take a free lease; acting on it does. */
  hoverAllowed() {
    return this.#steering && !this.#select.takesInput && (Boolean(this.#standing.holder) || this.#focused);
  }

  /**
   * @param {{clientX: number, clientY: number}} event
   * @param {boolean} inside
   */
  pagePoint(event, inside) {
    const point = toPage(event, this.#canvas.getBoundingClientRect(), this.#viewport);
    return inside ? clamped(point, this.#viewport) : point;
  }

  pageHeight() {
    return this.#viewport.height;
  }

  /** @param {PointerEvent} event */
  stagePressed(event) {
    if (event.pointerType === "touch" && !this.#focused) this.#blurOthers();
    else this.focusStage();
    const room = this.#section.getBoundingClientRect();
    this.#keys.style.setProperty("--viewer-caret-x", `${event.clientX - room.left}px`);
    this.#keys.style.setProperty("--viewer-caret-y", `${event.clientY - room.top}px`);
  }

  /** From the canvas Tab goes on and Shift+Tab goes back, past the textarea that would take them. */
  leaveStage() {
    this.#keys.tabIndex = -1;
    this.#canvas.focus({ preventScroll: true });
  }

  // ToolbarDelegate, ViewDelegate

  /** @param {Message} message */
  command(message) {
    this.#input.flush();
    this.sendInput(message);
  }

  focusStage() {
    this.#keys.focus({ preventScroll: true });
  }

  focusAddress() {
    this.#toolbar.focus();
  }

  /** @param {boolean} shown */
  figuresToggled(shown) {
    this.#hud.toggle(shown);
  }

  // StatusDelegate

  retry = () => this.#connection?.retryNow();

  restart = () => {
    this.#connection?.stop();
    this.#connect();
  };

  reloadTab = () => this.command(navigate({ action: "reload" }));

  // What the server says

  /** @type {Record<string, (message: Message) => void>} */
  #receivers = {
    hello: (message) => this.#welcomed(message),
    state: (message) => this.#showPage(message),
    tabs: (message) => this.#tabs.show(message.tabs, message.active),
    control: ({ holder, requests = [] }) => this.#controlChanged(holder, requests),
    dialog: (message) => this.#dialog.show(message),
    filechooser: (message) => this.#files.show(message),
    download: ({ what, name }) => this.#status.mention(`${name}: ${DOWNLOADS[what] ?? what}`),
    cursor: ({ shape }) => this.#showCursor(shape),
    select: (message) => this.#select.show(message),
    stats: (message) => this.#hud.showStats(message),
    error: (message) => this.#erred(message),
  };

  /** @param {Message} hello */
  #welcomed({ role, operator, viewport }) {
    this.#setViewport(viewport);
    this.#stand({ ...nobody(), attached: true, role, operator });
    if (document.hidden) this.#say(settings({ paused: true }));
  }

  /** @param {Message} state */
  #showPage(state) {
    this.#setViewport(state.viewport);
    this.#toolbar.showPage(state);
    this.#select.showPage(state);
    this.#status.showPage({ crashed: state.crashed, unresponsive: state.unresponsive });
    this.#canvas.setAttribute(
      "aria-label",
      state.title ? `The remote page: ${state.title}` : "The remote page",
    );
  }

  /**
   * @param {import("./wire.js").Holder | null} holder
   * @param {{viewer: string, name: string}[]} requests
   */
  #controlChanged(holder, requests) {
    const same = holder?.viewer === this.#standing.holder?.viewer;
    this.#stand({ holder, requests, asked: same && this.#standing.asked });
    this.#section.dispatchEvent(new Event("viewer-control", { bubbles: true }));
  }

  /** @param {Message} error */
  #erred(error) {
    this.#stand({ asked: false });
    this.#files.erred(error);
    this.#status.mention(error.message);
  }

  /** Seen by who steers (viewer.css). @param {string} shape */
  #showCursor(shape) {
    this.#canvas.style.setProperty("--viewer-cursor", shape);
  }

  /** @param {import("./wire.js").Viewport} viewport */
  #setViewport(viewport) {
    this.#viewport = viewport;
    this.#view.showViewport(viewport);
  }

  /** @param {Partial<import("./control.js").Standing>} change */
  #stand(change) {
    this.#standing = { ...this.#standing, ...change };
    const { role, holder } = this.#standing;
    this.#canvas.dataset.role = role;
    this.#canvas.dataset.controller = holder ? (holder.you ? "you" : "other") : "none";
    this.#keys.disabled = role !== "control";
    this.#control.show(this.#standing);
    for (const each of [this.#toolbar, this.#tabs, this.#dialog, this.#files, this.#select, this.#view])
      each.showSteering(this.#steering);
  }

  get #steering() {
    return canSteer(this.#standing);
  }

  get #focused() {
    return document.activeElement === this.#keys;
  }

  #connect() {
    this.#connection = new Connection(this, windowEnvironment(this.#fetchAddress));
    this.#connection.start();
  }

  /** @param {AbortSignal} signal */
  #fetchAddress = async (signal) => this.#fit.addTo(await this.#fetchTicket(signal));

  /** @param {Message} message */
  #say(message) {
    this.#connection?.send(JSON.stringify(message));
  }

  /** @param {Message} message */
  #sendControl(message) {
    this.#input.release();
    this.#say(message);
    if (message.action === "request") this.#stand({ asked: true });
  }

  #blurOthers() {
    const { activeElement } = document;
    if (activeElement instanceof HTMLElement && this.#section.contains(activeElement)) activeElement.blur();
  }

  #visibilityChanged = () => {
    if (document.hidden) this.#input.release();
    else this.#connection?.retryNow();
    this.#say(settings({ paused: document.hidden }));
  };

  #online = () => this.#connection?.renew();

  #hashChanged = () => {
    if (this.#section.dataset.tokenFromFragment !== undefined) this.restart();
  };

  #lookedAway = () => this.#input.release();

  /** @param {KeyboardEvent} event */
  #keyedOutside = (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    this.focusStage();
  };

  #leftOutside = () => {
    this.#keys.tabIndex = 0;
  };
}
