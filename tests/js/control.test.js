import assert from "node:assert/strict";
import test from "node:test";
import { canSteer, nobody, offerFor } from "../../static/js/viewer/control.js";
import { waiting } from "../../static/js/viewer/status.js";

const me = { kind: "person", name: "Me", viewer: "v1", you: true };
const anna = { kind: "person", name: "Anna", viewer: "v2", you: false };
const bot = { kind: "program", name: "", viewer: null, you: false };

const offer = (more) =>
  offerFor({
    attached: true,
    role: "control",
    operator: false,
    holder: null,
    requests: [],
    asked: false,
    ...more,
  });

test("the button offers what this viewer may do", () => {
  assert.deepEqual([offer({}).label, offer({}).message.action], ["Take control", "take"]);
  assert.deepEqual(
    [offer({ holder: me }).label, offer({ holder: me }).message.action],
    ["Give back", "release"],
  );
  assert.deepEqual(
    [offer({ holder: bot }).label, offer({ holder: bot }).message.action],
    ["Take control", "take"],
  );
  assert.deepEqual(
    [offer({ holder: anna }).label, offer({ holder: anna }).message.action],
    ["Ask", "request"],
  );
  assert.equal(offer({ holder: anna, asked: true }).label, "Asked");
});

test("only an operator takes control from a person, by force", () => {
  assert.deepEqual(offer({ holder: anna, operator: true }).message, {
    type: "control",
    action: "take",
    force: true,
  });
});

test("the holder answers who asks", () => {
  const asked = offer({ holder: me, requests: [{ viewer: "v2", name: "Anna" }] });
  assert.equal(asked.kind, "request");
  assert.deepEqual(asked.message, { type: "control", action: "grant", viewer: "v2" });
  assert.deepEqual(asked.deny, { type: "control", action: "deny", viewer: "v2" });
});

test("a view-only or detached viewer is offered nothing", () => {
  assert.deepEqual([offer({ role: "view" }).words, offer({ role: "view" }).message], ["View only", null]);
  assert.match(offer({ role: "view", holder: anna }).words, /controlled by Anna/);
  assert.equal(offer({ attached: false, holder: me }).message, null);
});

test("a viewer steers with control of its own or control that is free", () => {
  const attached = { ...nobody(), attached: true, role: "control" };
  assert.equal(canSteer(attached), true);
  assert.equal(canSteer({ ...attached, holder: me }), true);
  assert.equal(canSteer({ ...attached, holder: anna }), false);
  assert.equal(canSteer({ ...attached, role: "view" }), false);
  assert.equal(canSteer(nobody()), false);
});

test("who has control is said by name", () => {
  assert.equal(offer({ holder: anna }).words, "Controlled by Anna");
  assert.equal(offer({ holder: bot }).words, "Controlled by a program");
});

test("the countdown never says nought", () => {
  assert.equal(waiting(2, 3200), "Attempt 2 in 4 s.");
  assert.equal(waiting(1, -5), "Attempt 1 in 1 s.");
});
