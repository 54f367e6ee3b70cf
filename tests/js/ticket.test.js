import assert from "node:assert/strict";
import test from "node:test";
import { ticketSource, tokenIn } from "../../static/js/viewer/ticket.js";

const base64url = (value) => Buffer.from(value).toString("base64url");
const wrap = (fields) => base64url(JSON.stringify(fields));
const TOKEN = "c0ffee.kV-9_x";

test("a bare token is the token", () => {
  for (const token of [TOKEN, "", "kV-9_x", "not/base64=", base64url("no JSON"), base64url("null")]) {
    assert.equal(tokenIn(token), token);
  }
});

test("a session's ticket gives its token", () => {
  assert.equal(
    tokenIn(wrap({ v: 1, gateway: "https://deck.example/live/ses_1/ticket", token: TOKEN })),
    TOKEN,
  );
});

test("letters that base64 and base64url write differently", () => {
  const ticket = wrap({ v: 1, gateway: "???>>>~~~", token: TOKEN });
  assert.match(ticket, /[-_]/);
  assert.equal(tokenIn(ticket), TOKEN);
});

test("what is no ticket of this version stays as it is", () => {
  for (const fields of [{ v: 2, token: TOKEN }, { v: 1 }, { v: 1, token: 7 }, [TOKEN]]) {
    assert.equal(tokenIn(wrap(fields)), wrap(fields));
  }
});

test("the live page exchanges a ticket at its own address only", async () => {
  const asked = [];
  const fetch = async (url, { body }) => {
    asked.push([url, JSON.parse(body)]);
    return new Response(JSON.stringify({ url: "ws://here/ws/live/ses_1?ticket=t" }));
  };
  const section = { dataset: { ticketUrl: "/live/ses_1/ticket", tokenFromFragment: "" } };
  const hash = `#${wrap({ v: 1, gateway: "https://elsewhere.example/steal", token: TOKEN })}`;
  const address = await ticketSource(section, { fetch, location: { hash } })(new AbortController().signal);
  assert.equal(address, "ws://here/ws/live/ses_1?ticket=t");
  assert.deepEqual(asked, [["/live/ses_1/ticket", { token: TOKEN }]]);
});
