import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { afterEach, expect, it } from "vitest";
import { ignoreUpgrade } from "./ignore-upgrade.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Sends pieces, and gives all answers. */
async function answersTo(pieces: readonly string[], wanted: number): Promise<string> {
  server = createServer((request, response) => {
    let length = 0;
    request.on("data", (chunk: Buffer) => (length += chunk.length));
    request.on("end", () => {
      const { upgrade, connection, host } = request.headers;
      response.end(`[${request.method} ${request.url} ${length} ${host} ${upgrade} ${connection}]`);
    });
  });
  server.on("upgrade", (request, socket, head) => server && ignoreUpgrade(server, request, socket, head));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.on("data", (data) => (text += data.toString()));
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  while (text.split("[").length <= wanted) await once(socket, "data");
  socket.destroy();
  return text.match(/\[.*?\]/g)?.join("") ?? "";
}

const OFFER = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n";

it("a request that offers HTTP/2 is answered as one that does not, with all of its body", async () => {
  const head = `POST /a HTTP/1.1\r\nHost: a\r\n${OFFER}Content-Length: 10\r\n\r\n`;
  expect(await answersTo([head, "12345", "67890"], 1)).toBe("[POST /a 10 a undefined ]");
});

it("what follows on the connection is answered too, and an offer again", async () => {
  const one = `POST /a HTTP/1.1\r\nHost: a\r\n${OFFER}Content-Length: 3\r\n\r\nabc`;
  const two = "GET /b HTTP/1.1\r\nHost: b\r\n\r\n";
  const closing = `GET /c HTTP/1.1\r\nHost: c\r\n${OFFER.replace("Connection: ", "Connection: close, ")}\r\n`;
  expect(await answersTo([one + two, closing], 3)).toBe(
    "[POST /a 3 a undefined ][GET /b 0 b undefined undefined][GET /c 0 c undefined close,]",
  );
});
