/**
 * @file The requests that are answered: of this machine's own pages, and of nobody else's. A page of another site may let its
 * name lead to this machine (DNS rebinding), which the header Host gives away, or ask across sites, which the browser says.
 */

import type { IncomingMessage } from "node:http";

/** Why a request is not answered. */
export interface Refusal {
  /** An HTTP status, 400 … 599. */
  readonly status: number;
  readonly reason: string;
}

const METHODS = ["GET", "HEAD"];

/** The names under which this machine reaches itself. */
const OWN_NAMES = ["127.0.0.1", "localhost", "[::1]"];

const HTTP_PORT = 80;

/** Returns why a request is refused, whatever it asks for; undefined for one to be answered. */
export function refusalOf(request: IncomingMessage): Refusal | undefined {
  const { method = "", headers } = request;
  const hosts = ownHosts(request.socket.localPort);
  const host = onlyHost(request);
  if (host === undefined || !hosts.includes(host)) {
    return {
      status: 403,
      reason:
        `the studio answers under ${hosts.join(", ")} only; got ${JSON.stringify(host ?? "")}. From another computer, forward ` +
        "the port under the same number",
    };
  }
  if (!METHODS.includes(method)) {
    return { status: 405, reason: `the studio is only read: GET or HEAD; got ${method}` };
  }
  if (headers.origin !== undefined && headers.origin !== `http://${host}`) {
    return { status: 403, reason: "the studio answers its own pages only; got a request of another page" };
  }
  if (!isOfOwnPage(request)) {
    return { status: 403, reason: "the studio answers its own pages only; got a request of another site" };
  }
  return undefined;
}

/** Whether a person opens the address from elsewhere, by a link on another page. The other page sees nothing of it. */
export function isFollowedLink({ headers }: IncomingMessage): boolean {
  const site = headers["sec-fetch-site"];
  return site === "cross-site" || site === "same-site";
}

/** Hosts as the header names them: with the port, unless it is that of HTTP. */
function ownHosts(port: number | undefined): string[] {
  return OWN_NAMES.flatMap((name) => (port === HTTP_PORT ? [`${name}:${port}`, name] : [`${name}:${port}`]));
}

/** The header Host in lower case; undefined where there is none, or several. */
function onlyHost({ rawHeaders }: IncomingMessage): string | undefined {
  const values = rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1].toLowerCase() === "host");
  return values.length === 1 ? values[0].toLowerCase() : undefined;
}

/**
 * Whether a request comes from a page of this address, from the person, or from a link that a person followed. Programs and
 * browsers of before 2023 do not say.
 */
function isOfOwnPage(request: IncomingMessage): boolean {
  const { headers } = request;
  const site = headers["sec-fetch-site"];
  if (site === undefined || site === "same-origin" || site === "none") return true;
  return headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
}
