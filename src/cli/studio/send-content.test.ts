/** @file Connections that end before the answer does: neither side waits for bytes that do not come. */

import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { expect, it, onTestFinished } from "vitest";
import { memoryContent, type Content } from "./content.ts";
import { sendContent } from "./send-content.ts";
import { ask, startStudio } from "./testing/studio-server.ts";

/** Serves a content by itself, and keeps what went wrong. */
async function serve(content: Content) {
  const errors: unknown[] = [];
  const server = createServer((request, response) => {
    sendContent({ request, response }, content, {}).catch((error: unknown) => {
      errors.push(error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { errors, ask: () => ask({ host: "127.0.0.1", port, path: "/", method: "GET", headers: {} }) };
}

it("a file that was cut while it was sent ends the connection, and is told", async () => {
  const whole = memoryContent(new Uint8Array(10), "audio/wav");
  const cut = await serve({ ...whole, read: () => Readable.from([new Uint8Array(5)]) });
  await expect(cut.ask()).rejects.toThrow();
  expect(cut.errors.map(String)).toEqual([
    "AuricleError: a file became shorter while it was sent: 5 of 10 bytes",
  ]);
});

it("a file that cannot be read on ends the connection, is told, and is closed", async () => {
  let isClosed = false;
  const failing = await serve({
    ...memoryContent(new Uint8Array(2000), "application/json"),
    read: () =>
      new Readable({
        read() {
          this.destroy(new Error("the disk fails"));
        },
      }),
    close() {
      isClosed = true;
      return Promise.resolve();
    },
  });
  await expect(failing.ask()).rejects.toThrow();
  expect([String(failing.errors[0]), isClosed]).toEqual(["Error: the disk fails", true]);
});

it("a player that seeks, and leaves the rest, is no fault", async () => {
  const studio = await startStudio({}, { "index.html": "", "long.wav": new Uint8Array(20_000_000) });
  await new Promise<void>((resolve) => {
    const socket = connect(studio.port, "127.0.0.1", () => {
      socket.write(`GET /long.wav HTTP/1.1\r\nHost: 127.0.0.1:${studio.port}\r\n\r\n`);
    });
    socket.once("data", () => socket.destroy());
    socket.once("close", () => resolve());
  });
  // Answered after the server has seen the other connection end.
  expect((await studio.ask("/long.wav", { headers: { range: "bytes=-5" } })).body.length).toBe(5);
  expect(studio.errors).toEqual([]);
});
