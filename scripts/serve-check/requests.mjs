/** @file The requests of a check: good ones, whose answers are compared, and bad ones, each with the statuses that it may get. */

import { connect } from "node:net";
import { isDeepStrictEqual } from "node:util";
import { pictureBomb } from "./bombs.mjs";
import { corrupted } from "./inputs.mjs";

/** The connection ended without a status. */
const CLOSED = "closed";

/** Sends raw bytes piece by piece, and gives the status of the answer. */
function raw(address, pieces, pauseMilliseconds = 0) {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let answer = "";
    let timer;
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]) || CLOSED);
    };
    socket.setTimeout(30_000, end);
    socket.on("error", end).on("close", end);
    socket.on("data", (data) => {
      answer += data.toString("latin1");
      if (answer.includes("\r\n\r\n")) end();
    });
    const left = [...pieces];
    const next = () => {
      const piece = left.shift();
      if (piece === undefined) return;
      if (piece === CLOSED) return end();
      socket.write(piece);
      timer = setTimeout(next, pauseMilliseconds);
    };
    socket.on("connect", next);
  });
}

const head = (address, length, extra = "") =>
  `POST /v1/predict HTTP/1.1\r\nHost: ${new URL(address).host}\r\nContent-Length: ${length}\r\n${extra}\r\n`;

async function post(address, body, headers = {}, path = "/v1/predict") {
  const response = await fetch(`${address}${path}`, { method: "POST", body, headers, duplex: "half" });
  const text = await response.text();
  return { status: response.status, body: text };
}

/** A request that the server may refuse before all is sent: then only a closed connection may be seen. */
async function statusOrClosed(sent) {
  try {
    return (await sent).status;
  } catch {
    return CLOSED;
  }
}

function streamOf(total, piece = 65_536) {
  let left = total;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close();
      controller.enqueue(new Uint8Array(Math.min(piece, left)));
      left -= piece;
    },
  });
}

/** Kinds of bad requests: what is sent, and the statuses that it may get. */
export function badRequests({ address, files, maxBytes, random }) {
  const any = () => files[Math.floor(random() * files.length)].bytes;
  const bomb = pictureBomb();
  return {
    corrupt: [() => statusOrClosed(post(address, corrupted(any(), random))), [200, 415, 422]],
    truncated: [
      () => statusOrClosed(post(address, any().slice(0, Math.floor(random() * 4000)))),
      [200, 400, 422],
    ],
    oversized: [() => statusOrClosed(post(address, new Uint8Array(maxBytes + 1))), [413, CLOSED]],
    "oversized without a length": [
      () => statusOrClosed(post(address, streamOf(2 * maxBytes))),
      [413, CLOSED],
    ],
    "broken off": [() => raw(address, [head(address, 100_000), new Uint8Array(5000), CLOSED]), [CLOSED]],
    "slow body": [
      () => raw(address, [head(address, 100_000), ...Array.from({ length: 150 }, () => "x")], 100),
      [408, CLOSED],
    ],
    "slow headers": [
      () =>
        raw(
          address,
          ["POST /v1/predict HTTP/1.1\r\n", ...Array.from({ length: 200 }, (_, i) => `X-${i}: a\r\n`)],
          100,
        ),
      [408, CLOSED],
    ],
    "huge headers": [
      () => raw(address, [head(address, 0, `X-Big: ${"a".repeat(100_000)}\r\n`)]),
      [431, CLOSED],
    ],
    "wrong type": [
      () => statusOrClosed(post(address, '{"__proto__":{"x":1}}', { "content-type": "application/json" })),
      [415],
    ],
    "compressed body": [() => statusOrClosed(post(address, bomb, { "content-encoding": "gzip" })), [415]],
    "picture instead of sound": [() => statusOrClosed(post(address, bomb)), [422]],
    "path tricks": [
      () =>
        raw(address, [
          `GET /v1/models/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: ${new URL(address).host}\r\n\r\n`,
        ]),
      [404],
    ],
    "file names": [
      async () => {
        const form = new FormData();
        form.append("__proto__", new Blob([any()]), "../../../etc/passwd");
        const { status, body } = await post(address, form);
        if (status === 200 && JSON.parse(body).answers[0].name !== "passwd") return "a path in a name";
        return status;
      },
      [200],
    ],
    "broken form": [
      () => statusOrClosed(post(address, "no form", { "content-type": "multipart/form-data; boundary=x" })),
      [400],
    ],
    "prototype in the query": [
      () => statusOrClosed(post(address, any(), {}, "/v1/predict?__proto__=1")),
      [400],
    ],
    "no HTTP": [() => raw(address, ["\x16\x03\x01 no request\r\n\r\n"]), [400, CLOSED]],
    tiny: [
      async () => {
        const statuses = await Promise.all(
          Array.from({ length: 40 }, () => statusOrClosed(post(address, new Uint8Array([1])))),
        );
        return statuses.find((status) => ![422, 429].includes(status)) ?? 422;
      },
      [422],
    ],
  };
}

/** Sends a recording and compares the answer with that of `auricle predict`. */
export async function goodRequest(address, { bytes, wanted }, asForm) {
  let body = bytes;
  if (asForm) {
    body = new FormData();
    body.append("file", new Blob([bytes]), "a.wav");
  }
  const { status, body: text } = await post(address, body);
  if (status !== 200) return { status };
  const whole = JSON.parse(text);
  const answer = asForm ? whole.answers[0] : whole;
  return { status, isRight: isDeepStrictEqual(without(answer, ["model", "version", "name"]), wanted) };
}

/** An object without some of its fields. */
export function without(object, names) {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}
