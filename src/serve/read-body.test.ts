import { createServer } from "node:http";
import { connect } from "node:net";
import { once } from "node:events";
import { afterEach, expect, it } from "vitest";
import { RequestProblem } from "./problem.ts";
import { discardBody, HeldBytes, readBody } from "./read-body.ts";

const close: (() => void)[] = [];
afterEach(() => {
  for (const one of close.splice(0)) one();
});

/** A server that answers with the length of the body or the kind of the problem, and what it still holds. */
async function counting(most: number, held: HeldBytes, seconds = 5) {
  const outcomes: string[] = [];
  const server = createServer((request, response) => {
    void readBody(request, { most, seconds, held })
      .then(
        (body) => {
          body.release();
          body.release();
          return String(body.bytes.length);
        },
        (error: unknown) => (error instanceof RequestProblem ? error.kind : String(error)),
      )
      .then((outcome) => {
        outcomes.push(outcome);
        response.end(outcome);
      });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  close.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, port, outcomes };
}

const stream = (sizes: readonly number[]) =>
  new ReadableStream({
    start(controller) {
      for (const size of sizes) controller.enqueue(new Uint8Array(size));
      controller.close();
    },
  });

it("bodies are counted whether they say their length or not, and nothing stays held", async () => {
  const held = new HeldBytes(1000);
  const { url } = await counting(100, held);
  const post = async (body: Uint8Array | ReadableStream) =>
    (await fetch(url, { method: "POST", body, duplex: "half" } as RequestInit)).text();
  expect(await post(new Uint8Array(100))).toBe("100");
  expect(await post(new Uint8Array(101))).toBe("too-large");
  expect(await post(stream([60, 40]))).toBe("100");
  expect(await post(stream([60, 41]))).toBe("too-large");
  expect(await post(stream([]))).toBe("0");
  expect(held.held).toBe(0);
});

it("where no more bytes may be held, requests are told to come again", async () => {
  const held = new HeldBytes(10);
  const { url } = await counting(100, held);
  expect(held.take(5)).toBe(true);
  expect(await (await fetch(url, { method: "POST", body: new Uint8Array(6) })).text()).toBe("busy");
  expect(await (await fetch(url, { method: "POST", body: new Uint8Array(5) })).text()).toBe("5");
  expect(held.held).toBe(5);
});

it("a body that is broken off, and one that does not come, give back what they held", async () => {
  const held = new HeldBytes(1000);
  const { port, outcomes } = await counting(100, held, 0.3);
  for (const ends of [true, false]) {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    await once(socket, "connect");
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n1234567890");
    while (held.held === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const before = outcomes.length;
    if (ends) socket.destroy();
    while (outcomes.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(held.held).toBe(0);
    socket.destroy();
  }
  expect(outcomes).toEqual(["bad-request", "receive-timeout"]);
});

it("a body that nobody needs arrives all the same, unless it is too large, too slow or broken off", async () => {
  const server = createServer((request, response) => {
    void discardBody(request, { most: 100, seconds: 0.3 }).then((isWhole) => response.end(String(isWhole)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  close.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const { port } = server.address() as { port: number };
  const post = async (body?: Uint8Array | ReadableStream) =>
    (await fetch(`http://127.0.0.1:${port}`, { method: "POST", body, duplex: "half" } as RequestInit)).text();
  expect(await post()).toBe("true");
  expect(await post(new Uint8Array(100))).toBe("true");
  expect(await post(new Uint8Array(101))).toBe("false");
  expect(await post(stream([50, 50]))).toBe("true");
  const socket = connect(port, "127.0.0.1");
  socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n1234567890");
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(answer.toString()).toContain("false");
  socket.destroy();
});
