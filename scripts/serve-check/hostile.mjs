/** @file Requests and connections that would wear a server out. Each check fails where the server does not defend itself: it would hold memory, or never end. */

import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { blackPng, pictureBomb, silentFlac } from "./bombs.mjs";
import { figureOf, memoryOf } from "./server.mjs";

/** Growth of the server's memory by what it has to refuse, in MiB: its threads' heaps grow for a while. */
const MOST_GROWTH = 256;

/** Where two threads decode as much sound as may be at a time before they know that there is more. */
const MOST_GROWTH_BY_SOUND = 768;

const HOURS = "sound that lasts for hours";

/** Milliseconds in which a connection must have ended. */
const PATIENCE = 60_000;

/** A raw connection. @param isRead whether its answers are read */
async function open(address, { isRead = true } = {}) {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  const connection = { socket, text: "", hasEnded: false };
  connection.ended = new Promise((resolve) => {
    const end = () => {
      connection.hasEnded = true;
      resolve();
    };
    socket.on("close", end).on("error", end).on("end", end);
  });
  await once(socket, "connect");
  if (isRead) socket.on("data", (data) => (connection.text += data.toString("latin1")));
  return connection;
}

/** Waits until the server ends a connection. @throws Error where it does not */
async function requireEnd(connection, what) {
  await Promise.race([connection.ended, sleep(PATIENCE)]);
  connection.socket.destroy();
  if (!connection.hasEnded) throw new Error(`${what}: the server leaves the connection open`);
}

/** Writes the same bytes again and again, until the server ends the connection, and no more than `most` times. */
async function flood({ socket, ended }, bytes, most) {
  for (let i = 0; i < most && !socket.destroyed; i++) {
    if (socket.write(bytes)) continue;
    const isOver = new AbortController();
    const drained = once(socket, "drain", { signal: isOver.signal }).catch(() => {});
    await Promise.race([drained, ended, sleep(2000, undefined, { signal: isOver.signal }).catch(() => {})]);
    isOver.abort();
  }
}

const hostOf = (address) => `Host: ${new URL(address).host}\r\n`;

const upgradeOf = (address) =>
  `GET /v1/live HTTP/1.1\r\n${hostOf(address)}Connection: Upgrade\r\nUpgrade: websocket\r\n` +
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

/** A frame of a WebSocket, masked with zeros. @param bits the last fragment's 0x80, and the kind */
function frame(bits, content) {
  const length =
    content.length < 126 ? [0x80 | content.length] : [0x80 | 126, content.length >> 8, content.length & 255];
  return Buffer.concat([Buffer.from([bits, ...length, 0, 0, 0, 0]), Buffer.from(content)]);
}

const [TEXT, BINARY, CONTINUATION, PING, LAST] = [0x1, 0x2, 0x0, 0x9, 0x80];

async function live(address, options) {
  const connection = await open(address, options);
  connection.socket.write(upgradeOf(address));
  return connection;
}

async function post(address, body, { path = "/v1/predict", headers = {} } = {}) {
  const response = await fetch(`${address}${path}`, { method: "POST", body, headers });
  return { status: response.status, answer: await response.json() };
}

async function requireStatus(wanted, sent) {
  const { status, answer } = await sent;
  if (!wanted.includes(status))
    throw new Error(`${status} instead of ${wanted}: ${JSON.stringify(answer).slice(0, 300)}`);
}

function requireText(connection, pattern) {
  if (!pattern.test(connection.text))
    throw new Error(`no ${pattern} in ${JSON.stringify(connection.text.slice(0, 300))}`);
}

/**
 * The checks by name, for a server with the models "sound" and "photos", `--receive-timeout 4` and `--live 4`.
 * @param good bytes of a recording @param tiny how many tiny requests are sent
 */
export function hostileChecks({ address, good, tiny }) {
  const requireGood = () => requireStatus([200], post(address, good));
  return {
    "silent connections": async () => {
      const all = await Promise.all(Array.from({ length: 200 }, () => open(address)));
      await requireGood();
      for (const one of all) await requireEnd(one, "nothing was sent");
      requireText(all[0], /^HTTP\/1\.1 408/);
    },
    "headers byte by byte": async () => {
      const all = await Promise.all(Array.from({ length: 100 }, () => open(address)));
      const drip = setInterval(() => {
        for (const { socket, hasEnded } of all) if (!hasEnded) socket.write("a");
      }, 500);
      for (const { socket } of all) socket.write("POST /v1/predict HTTP/1.1\r\nX-A: ");
      await requireGood();
      for (const one of all) await requireEnd(one, "headers that never end");
      clearInterval(drip);
    },
    "bodies byte by byte": async () => {
      const all = await Promise.all(Array.from({ length: 100 }, () => open(address)));
      const drip = setInterval(() => {
        for (const { socket, hasEnded } of all) if (!hasEnded) socket.write("a");
      }, 500);
      for (const { socket } of all)
        socket.write(`POST /v1/predict HTTP/1.1\r\n${hostOf(address)}Content-Length: 1000\r\n\r\n`);
      await requireGood();
      for (const one of all) await requireEnd(one, "a body that never ends");
      clearInterval(drip);
      requireText(all[0], /^HTTP\/1\.1 408/);
    },
    "half of a connection": async () => {
      const whole = await open(address);
      const head = (length) =>
        `POST /v1/predict HTTP/1.1\r\n${hostOf(address)}Content-Length: ${length}\r\n\r\n`;
      whole.socket.end(Buffer.concat([Buffer.from(head(good.length)), good]));
      // It is taken for gone, as by other servers: whether it still gets its answer is open.
      await requireEnd(whole, "a client that has said all");
      const parts = await Promise.all(Array.from({ length: 100 }, () => open(address)));
      for (const { socket } of parts)
        socket.end(Buffer.concat([Buffer.from(head(good.length)), good.subarray(0, 9000)]));
      for (const one of parts) await requireEnd(one, "half a body");
      for (let i = 0; (await figureOf(address, "auricle_held_bytes")) > 0; i++) {
        if (i > 100) throw new Error("bodies that were broken off are held");
        await sleep(100);
      }
    },
    "headers of all sizes": async () => {
      for (const [lines, wanted] of [
        [`X-A: ${"a".repeat(20_000)}\r\n`, 431],
        ["X-A: a\r\n".repeat(50_000), 431],
        [`Cookie: ${"a".repeat(10_000)}\r\n`, 200],
      ]) {
        const one = await open(address);
        one.socket.write(`GET /healthz HTTP/1.1\r\n${hostOf(address)}Connection: close\r\n${lines}\r\n`);
        await requireEnd(one, "headers");
        // What is still being sent may have the answer lost.
        if (one.text !== "") requireText(one, new RegExp(`^HTTP/1\\.1 ${wanted}`));
        else if (wanted === 200) throw new Error("headers that are small enough got no answer");
      }
      const long = await open(address);
      long.socket.write(`GET /${"a".repeat(20_000)} HTTP/1.1\r\n${hostOf(address)}\r\n`);
      await requireEnd(long, "a long address");
    },
    "answers that nobody reads": async () => {
      const request = `GET /openapi.json HTTP/1.1\r\n${hostOf(address)}\r\n`;
      const many = await open(address, { isRead: false });
      await flood(many, request.repeat(1000), 50);
      await requireEnd(many, "requests without end");
      const slow = await Promise.all(Array.from({ length: 50 }, () => open(address, { isRead: false })));
      for (const { socket } of slow) socket.write(request.repeat(10));
      await requireGood();
      for (const { socket } of slow) socket.destroy();
    },
    "pings that nobody reads": async () => {
      const one = await live(address, { isRead: false });
      await flood(one, Buffer.concat(new Array(5000).fill(frame(LAST | PING, "p".repeat(125)))), 200);
      await requireEnd(one, "pings without end");
    },
    "live connections": async () => {
      const all = [];
      for (let i = 0; i < 4; i++) all.push(await live(address));
      while (!all.every(({ text }) => text.startsWith("HTTP/1.1 101"))) await sleep(20);
      if ((await figureOf(address, "auricle_live_connections")) !== 4)
        throw new Error("they are not counted");
      const fifth = await live(address);
      await requireEnd(fifth, "one live connection too many");
      requireText(fifth, /^HTTP\/1\.1 429/);
      for (const one of all) await requireEnd(one, "a live connection that does not begin");
      requireText(all[0], /receive-timeout/);
    },
    "messages of live connections": async () => {
      const start = JSON.stringify({ sampleRate: 16_000, format: "f32le" });
      for (const [content, reason] of [
        [
          [frame(LAST | TEXT, `{"__proto__":{"hop":2},${start.slice(1)}`)],
          /Unrecognized key: \\"__proto__\\"/,
        ],
        [[frame(LAST | TEXT, "[".repeat(60_000))], /no JSON/],
        [[frame(LAST | BINARY, "abcd")], /first message says/],
        [[frame(LAST | TEXT, start), frame(LAST | BINARY, "abc")], /no whole number of samples/],
        [[frame(LAST | TEXT, start), frame(LAST | TEXT, start)], /only samples follow/],
        // More than a message may have, and a message in 100,000 pieces.
        [
          [frame(LAST | TEXT, start), Buffer.from([LAST | BINARY, 0x80 | 127, 0, 0, 0, 1, 0, 0, 0, 0])],
          /"ready"/,
        ],
        [
          [
            frame(LAST | TEXT, start),
            frame(BINARY, "a"),
            ...new Array(100_000).fill(frame(CONTINUATION, "a")),
          ],
          /"ready"/,
        ],
      ]) {
        const one = await live(address);
        one.socket.write(Buffer.concat(content));
        await requireEnd(one, `live messages to be answered by ${reason}`);
        requireText(one, reason);
      }
    },
    [HOURS]: async () => {
      for (const isTold of [true, false]) {
        const bomb = silentFlac({ seconds: 3600, rate: 192_000, isTold });
        const sent = Array.from({ length: 4 }, () => requireStatus([422], post(address, bomb)));
        await Promise.all(sent);
      }
    },
    "pictures of gigabytes": async () => {
      const path = "/v1/models/photos/predict";
      await requireStatus([200], post(address, blackPng({ width: 40, height: 40, extra: 0 }), { path }));
      const bomb = blackPng({ width: 40, height: 40, extra: 1_000_000_000 });
      await Promise.all(
        Array.from({ length: 4 }, () => requireStatus([200, 422], post(address, bomb, { path }))),
      );
      await requireStatus([422], post(address, pictureBomb(), { path }));
    },
    "forms of many parts": async () => {
      const headers = { "content-type": "multipart/form-data; boundary=x" };
      const form = (part, count) => Buffer.from(`${part.repeat(count)}--x--\r\n`);
      const field = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n';
      const file = '--x\r\nContent-Disposition: form-data; name="a"; filename="../a"\r\n\r\n\r\n';
      await requireStatus([413], post(address, form(field, 300_000), { headers }));
      await requireStatus([413], post(address, form(file, 300_000), { headers }));
    },
    [`${tiny} tiny requests`]: async () => {
      const request = `POST /v1/predict HTTP/1.1\r\n${hostOf(address)}Content-Length: 1\r\n\r\na`;
      const statuses = {};
      let left = tiny;
      const client = async () => {
        let one = await open(address);
        while (left > 0) {
          left--;
          one.text = "";
          one.socket.write(request);
          while (!/\r\n\r\n.*\}$/s.test(one.text)) {
            await Promise.race([once(one.socket, "data"), one.ended]);
            if (one.hasEnded) throw new Error("a tiny request lost its connection");
          }
          const status = one.text.slice(9, 12);
          statuses[status] = (statuses[status] ?? 0) + 1;
        }
        one.socket.destroy();
      };
      await Promise.all(Array.from({ length: 64 }, client));
      const others = Object.keys(statuses).filter((status) => !["422", "429"].includes(status));
      if (others.length > 0) throw new Error(`tiny requests got ${others}`);
      return JSON.stringify(statuses);
    },
  };
}

/** Runs the checks, one after the other, and watches the server's memory. @param fail is told of failures */
export async function runHostile(checks, { address, good, fail }) {
  for (const [name, check] of Object.entries(checks)) {
    const before = await memoryOf(address);
    let most = before;
    let isOver = false;
    const watching = (async () => {
      while (!isOver) {
        most = Math.max(most, await memoryOf(address));
        await sleep(100);
      }
    })();
    try {
      const said = await check();
      await requireStatus([200], post(address, good));
      isOver = true;
      await watching;
      const growth = most - before;
      console.log(
        `${name}: ${said ? `${said}, ` : ""}memory ${before.toFixed(0)} MiB, at most ${most.toFixed(0)} MiB`,
      );
      if (growth > (name === HOURS ? MOST_GROWTH_BY_SOUND : MOST_GROWTH))
        fail(`${name}: memory grew by ${growth.toFixed(0)} MiB`);
    } catch (error) {
      isOver = true;
      await watching.catch(() => {});
      fail(`${name}: ${error.message} ${error.cause?.message ?? ""}`);
    }
  }
}
