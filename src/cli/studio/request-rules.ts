/**
 * @file The requests that are answered: of this machine's own pages, and of nobody else's. A page of another site may let its
 * name lead to this machine (DNS rebinding), which the header Host gives away, or ask across sites, which the browser says.
 */

import type { IncomingMessage } from "node:http";
import { onlyHost, ownHosts } from "../../serve/own-hosts.ts";

/** Why a request is not answered. */
export interface Refusal {
  /** An HTTP status, 400 … 599. */
  readonly status: number;
  readonly reason: string;
}

const METHODS = ["GET", "HEAD"];

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
