/** @file Requests that offer another protocol than the server has, such as `curl --http2` and Java's client send. Node only. */

import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";

/** Headers that are about the offer alone. */
const OFFER = /^(upgrade|http2-settings)$/i;

/** The tokens of Connection that are. */
const OFFER_TOKENS = /\b(upgrade|http2-settings)\b\s*,?\s*/gi;

/**
 * Has a server answer in HTTP/1.1 to a request for which Node.js has emitted "upgrade", as RFC 9110, section 7.8 lets it: the request
 * comes anew without the offer.
 * @param head the bytes after the headers
 */
export function ignoreUpgrade(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { method = "", url = "", rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const [name, value] = rawHeaders.slice(i, i + 2);
    if (OFFER.test(name)) continue;
    lines.push(`${name}: ${name.toLowerCase() === "connection" ? value.replace(OFFER_TOKENS, "") : value}`);
  }
  // Headers are bytes.
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), head]));
  server.emit("connection", socket);
}
