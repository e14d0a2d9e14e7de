/** @file The pages and names from which a server is asked. Node only. */

import type { IncomingMessage } from "node:http";
import type { ApiKeys } from "./api-keys.ts";
import { onlyHost, ownHosts } from "./own-hosts.ts";
import { RequestProblem } from "./problem.ts";

export interface PageRules {
  /** Pages of these origins may ask: "https://example.com", or "*" for all. */
  readonly origins: readonly string[];
  /** Whether only requests to this machine's own names are answered. */
  readonly ownNamesOnly: boolean;
  readonly keys: ApiKeys;
}

/** @throws RequestProblem for pages of others, and for names that lead to this machine from elsewhere */
export function requireKnownPage(request: IncomingMessage, { origins, ownNamesOnly, keys }: PageRules): void {
  const host = onlyHost(request);
  const own = ownHosts(request.socket.localPort);
  if (ownNamesOnly && !keys.areNeeded && (host === undefined || !own.includes(host))) {
    throw new RequestProblem(
      "forbidden",
      `without an API key the server answers under ${own.join(", ")} only; got ${JSON.stringify((host ?? "").slice(0, 100))}`,
    );
  }
  const { origin } = request.headers;
  if (origin === undefined || origins.includes("*") || origins.includes(origin)) return;
  if (host !== undefined && [`http://${host}`, `https://${host}`].includes(origin)) return;
  throw new RequestProblem("forbidden", "pages of this origin are not answered: name it with --cors");
}
