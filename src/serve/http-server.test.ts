import { once } from "node:events";
import type { Server, ServerResponse } from "node:http";
import { connect } from "node:net";
import { afterEach, expect, it } from "vitest";
import { httpServer } from "./http-server.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/** A server whose answers wait until they are told to go. */
async function waiting() {
  const responses: ServerResponse[] = [];
  server = httpServer((_, response) => responses.push(response), { receiveSeconds: 60 });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.on("data", (data: Buffer) => (text += data.toString())).on("error", () => undefined);
  return { responses, socket, text: () => text };
}

it("a connection that sends requests and reads no answers is cut off", async () => {
  const { responses, socket } = await waiting();
  socket.write(GET.repeat(1000));
  await once(socket, "close");
  expect(responses).toHaveLength(16);
});

it("requests that are sent before the answers of others are answered in their order, however many there are in all", async () => {
  const { responses, socket, text } = await waiting();
  for (let round = 0; round < 3; round++) {
    socket.write(GET.repeat(16));
    while (responses.length < 16 * (round + 1)) await new Promise((resolve) => setTimeout(resolve, 5));
    responses.slice(-16).forEach((response, i) => response.end(`[${round} ${i}]`));
    while (!text().includes(`[${round} 15]`)) await once(socket, "data");
  }
  expect(text().match(/\[\d+ \d+\]/g)).toHaveLength(48);
});

it.each([
  [`GET / HTTP/1.1\r\nX-A: ${"a".repeat(20_000)}\r\n`, /^HTTP\/1\.1 431 [\s\S]*larger than 16384 bytes/],
  ["no request\r\n\r\n", /^HTTP\/1\.1 400 [\s\S]*not a request of HTTP/],
])("%j gets its reason", async (sent, answer) => {
  const { socket, text } = await waiting();
  socket.write(sent);
  await once(socket, "close");
  expect(text()).toMatch(answer);
});
