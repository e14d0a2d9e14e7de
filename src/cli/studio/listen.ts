/** @file Servers that listen on this machine's own addresses, which no other machine reaches. */

import { once } from "node:events";
import type { Server } from "node:http";
import { AuricleError } from "../../errors.ts";
import { errorCode } from "../../io/atomic-file.ts";

/** "AURI" on the keys of a telephone. */
export const USUAL_PORT = 2874;

/** Ports that are tried, from the usual one on. */
const TRIES = 20;

/** The codes of the system for a port that another program has, or keeps: Windows reserves some. */
const TAKEN = ["EADDRINUSE", "EACCES"];

export interface Listening {
  /** "http://127.0.0.1:2874/" */
  readonly address: string;
  readonly port: number;
  /** Ends all connections. */
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1, and on ::1, to which "localhost" may lead too, where this machine has it and the port is free there.
 * @param makeServer called for each of them, and for each port that is tried
 * @param port default: the usual one, or else one of the next that are free; 0: any that is free
 * @throws AuricleError "argument" where the port is taken or not allowed.
 */
export async function listen(makeServer: () => Server, port?: number): Promise<Listening> {
  const first = await listenOnOneOf(makeServer, port);
  const chosen = portOf(first);
  const second = await listenOn(makeServer(), chosen, "::1").catch(() => undefined);
  const servers = second ? [first, second] : [first];
  return {
    address: `http://127.0.0.1:${chosen}/`,
    port: chosen,
    async close() {
      const closed = servers.map((server) => once(server, "close"));
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
      await Promise.all(closed);
    },
  };
}

async function listenOnOneOf(makeServer: () => Server, given: number | undefined): Promise<Server> {
  const ports = given === undefined ? Array.from({ length: TRIES }, (_, i) => USUAL_PORT + i) : [given];
  for (const port of ports) {
    try {
      return await listenOn(makeServer(), port, "127.0.0.1");
    } catch (error) {
      const code = errorCode(error) ?? "";
      if (!TAKEN.includes(code)) throw error;
      if (given !== undefined) throw takenError(given, code);
    }
  }
  throw new AuricleError(
    "argument",
    `studio: the ports ${USUAL_PORT} … ${USUAL_PORT + TRIES - 1} are taken; name a free one with --port, or any with --port 0`,
  );
}

function takenError(port: number, code: string): AuricleError {
  const why = code === "EACCES" ? "this user may not listen on port" : "another program listens on port";
  return new AuricleError("argument", `studio: ${why} ${port}; name another one, or leave --port out`);
}

async function listenOn(server: Server, port: number, host: string): Promise<Server> {
  server.listen({ port, host, ipv6Only: true });
  await once(server, "listening");
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("a server without a port");
  return address.port;
}
