import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, expect, it } from "vitest";
import { WebSocket } from "ws";
import { ApiKeys } from "./api-keys.ts";
import type { AnsweredRequest } from "./app.ts";
import { serveLive, type LiveServer } from "./live.ts";

let server: Server | undefined;
let live: LiveServer | undefined;
afterEach(async () => {
  await live?.stop();
  server?.closeAllConnections();
  server?.close();
});

/** A server of live sound whose model answers at once; connections that have ended are in `told`. */
async function serving(most: number) {
  const told: AnsweredRequest[] = [];
  /** The signals of connections that got an answer, each held by its connection. */
  const signals: WeakRef<AbortSignal>[] = [];
  let lent = 0;
  server = createServer();
  const version = { name: "a", version: 1 };
  live = serveLive(server, {
    most,
    keys: new ApiKeys([]),
    origins: [],
    ownNamesOnly: true,
    isStopping: () => false,
    shelf: {
      info: () => ({ ...version, kind: "sound", windowSeconds: 1 }),
      lend() {
        lent++;
        return { ...version, release: () => void lent-- };
      },
    },
    threads: {
      answer({ signal }: { signal: AbortSignal }) {
        signals.push(new WeakRef(signal));
        return Promise.resolve({ body: '{"class":"x"}', windows: 1, problems: [] });
      },
    },
    onAnswered: (request: AnsweredRequest) => told.push(request),
    onFault: (error: unknown) => expect(error).toBeUndefined(),
  } as unknown as Parameters<typeof serveLive>[1]);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return {
    port,
    told,
    signals,
    lent: () => lent,
    connect: () => new WebSocket(`ws://127.0.0.1:${port}/v1/live`),
  };
}

it("connections are counted, the next one is refused, and each has its line in the log", async () => {
  const { connect: open, told } = await serving(1);
  const first = open();
  await once(first, "open");
  expect(live?.connections).toBe(1);
  const second = open();
  const [refused] = (await once(second, "error")) as [Error];
  expect(refused.message).toContain("429");
  expect(told).toMatchObject([{ status: 429, path: "/v1/live", problem: "busy" }]);
  first.send('{"sampleRate":1000,"format":"s16le","hop":0.1}');
  first.send(Buffer.alloc(400));
  const events: unknown[] = [];
  first.on("message", (data: Buffer) => events.push(JSON.parse(data.toString())));
  while (events.length < 2) await once(first, "message");
  expect(events).toMatchObject([{ event: "ready" }, { event: "answer", start: 0, end: 0.2, class: "x" }]);
  first.close();
  while (told.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(told[1]).toMatchObject({ status: 101, bytes: 400, windows: 1, model: "a", version: 1 });
  expect(live?.connections).toBe(0);
});

it("connections that have ended, in whichever way, leave no session, listener or timer", async () => {
  const { connect: open, told, signals, lent } = await serving(100);
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const listeners = () => server?.eventNames().map((name) => [name, server?.listenerCount(name)]);
  const before = { timers: timers(), listeners: listeners() };
  const endings = [
    (socket: WebSocket) => socket.close(),
    (socket: WebSocket) => socket.terminate(),
    // Refused by the server.
    (socket: WebSocket) => socket.send("{}"),
  ];
  const count = 60;
  for (let i = 0; i < count; i++) {
    const socket = open();
    await once(socket, "open");
    socket.send('{"sampleRate":1000,"format":"s16le","hop":0.1}');
    socket.send(Buffer.alloc(400));
    let messages = 0;
    socket.on("message", () => messages++);
    while (messages < 2) await once(socket, "message");
    endings[i % endings.length](socket);
    await once(socket, "close");
  }
  await expect.poll(() => told.length).toBe(count);
  expect(told.filter(({ problem }) => problem === "bad-request")).toHaveLength(count / endings.length);
  expect(live?.connections).toBe(0);
  expect(lent()).toBe(0);
  await expect.poll(timers).toBeLessThanOrEqual(before.timers);
  expect(listeners()).toEqual(before.listeners);
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const alive = () => {
    collect();
    return signals.filter((signal) => signal.deref()).length;
  };
  expect(signals).toHaveLength(count);
  // The last one may still be on the stack of a callback.
  await expect.poll(alive).toBeLessThanOrEqual(1);
});

it("a client that sends pings and reads no pongs is cut off", async () => {
  const { port, told } = await serving(1);
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined).pause();
  socket.write(
    `GET /v1/live HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
  );
  const ping = Buffer.concat([Buffer.from([0x89, 0x80 | 125, 0, 0, 0, 0]), Buffer.alloc(125)]);
  const pings = Buffer.concat(new Array<Buffer>(1000).fill(ping));
  // Both systems' buffers hold some megabytes; without an end there would be 60.
  for (let i = 0; i < 500 && told.length === 0; i++) {
    socket.write(pings);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  expect(told).toMatchObject([{ status: 101, problem: "not-read" }]);
  socket.destroy();
});
