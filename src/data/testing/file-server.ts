/** @file A local HTTP server for tests that misbehaves to order. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface FileServer {
  /** Address of the server, with a slash at the end. */
  readonly url: string;
  /** The requests so far: path, and the Range header if any. */
  readonly requests: readonly { readonly path: string; readonly range: string | undefined }[];
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Starts a server that answers each path by its handler, else with 404; it ends with the test. */
export async function startServer(handlers: Readonly<Record<string, Handler>>): Promise<FileServer> {
  const requests: { path: string; range: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    requests.push({ path, range: request.headers.range });
    const handler = handlers[path];
    if (handler) handler(request, response);
    else response.writeHead(404).end("nothing here");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests };
}

/** Serves the content, and parts of it where a Range header asks (RFC 9110, section 14). */
export function serveRanges(content: Uint8Array): Handler {
  return (request, response) => {
    const start = startOfRange(request);
    if (start === undefined) response.writeHead(200, { "content-length": content.length }).end(content);
    else {
      response.writeHead(206, {
        "content-length": content.length - start,
        "content-range": `bytes ${start}-${content.length - 1}/${content.length}`,
      });
      response.end(content.subarray(start));
    }
  };
}

/** Serves the content from its beginning, whatever is asked for. */
export function serveWhole(content: Uint8Array): Handler {
  return (_request, response) => response.writeHead(200, { "content-length": content.length }).end(content);
}

/** How far a client has read a file. */
export interface Client {
  readonly received: number;
}

/** As {@link serveRanges}, but the first `times` answers break off when half of what was asked for is sent. */
export function breakOff(content: Uint8Array, times: number, client: Client): Handler {
  const serve = serveRanges(content);
  return (request, response) => {
    if (times-- <= 0) return serve(request, response);
    const start = startOfRange(request) ?? 0;
    const half = content.subarray(start, start + Math.ceil((content.length - start) / 2));
    response.writeHead(start > 0 ? 206 : 200, {
      "content-length": content.length - start,
      ...(start > 0 && { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` }),
    });
    // A break drops what the client has not read yet.
    const breakOnceRead = () => {
      if (client.received >= start + half.length) response.destroy();
      else setTimeout(breakOnceRead, 5);
    };
    response.write(half, breakOnceRead);
  };
}

function startOfRange(request: IncomingMessage): number | undefined {
  const match = /^bytes=(\d+)-$/.exec(request.headers.range ?? "");
  return match ? Number(match[1]) : undefined;
}
