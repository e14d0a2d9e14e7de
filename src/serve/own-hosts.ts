/** @file The names under which this machine reaches itself: a page of another site that leads its name here (DNS rebinding) has another. Node only. */

import type { IncomingMessage } from "node:http";

const OWN_NAMES = ["127.0.0.1", "localhost", "[::1]"];

const HTTP_PORT = 80;

/** Hosts as the header names them: with the port, unless it is that of HTTP. */
export function ownHosts(port: number | undefined): string[] {
  return OWN_NAMES.flatMap((name) => (port === HTTP_PORT ? [`${name}:${port}`, name] : [`${name}:${port}`]));
}

/** The header Host in lower case; undefined where there is none, or several. */
export function onlyHost({ rawHeaders }: Pick<IncomingMessage, "rawHeaders">): string | undefined {
  const values = rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1].toLowerCase() === "host");
  return values.length === 1 ? values[0].toLowerCase() : undefined;
}
