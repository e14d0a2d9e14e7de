/**
 * @file Sends a content as a request wants it: whole, in part, compressed, or not at all where the client has it already
 * (RFC 9110: sections 8, 12.5.3, 13 and 14).
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createBrotliCompress, createGzip } from "node:zlib";
import { AuricleError } from "../../errors.ts";
import { rangeOf, type ByteRange } from "./byte-range.ts";
import type { Content } from "./content.ts";
import { isCompressible } from "./content-types.ts";
import type { Headers } from "./headers.ts";

/** A request and the answer to it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

type Coding = "br" | "gzip";

/** In order of preference. */
const CODINGS: readonly Coding[] = ["br", "gzip"];

/** Smaller contents fit into one packet as they are. */
const LEAST_COMPRESSED = 1024;

/** From 0 to 11. Scripts become some per cent smaller than by gzip; the next steps take several times as long. */
const BROTLI_QUALITY = 5;

/** Sends a content, and closes it. */
export async function sendContent(exchange: Exchange, content: Content, headers: Headers): Promise<void> {
  try {
    await send(exchange, content, headers);
  } finally {
    await content.close();
  }
}

async function send({ request, response }: Exchange, content: Content, headers: Headers): Promise<void> {
  const { type, size, tag, modified } = content;
  const canCompress = isCompressible(type) && size >= LEAST_COMPRESSED;
  const lastModified = modified === undefined ? undefined : new Date(modified).toUTCString();
  const range = rangeOf(request, { size, etag: `"${tag}"`, lastModified });
  const coding = canCompress && range === "all" ? codingOf(request) : undefined;
  const etag = coding ? `"${tag}-${coding}"` : `"${tag}"`;
  setHeaders(response, headers, {
    "Content-Type": type,
    ETag: etag,
    ...(lastModified !== undefined && { "Last-Modified": lastModified }),
    ...(canCompress && { Vary: "Accept-Encoding" }),
    ...(!coding && { "Accept-Ranges": "bytes" }),
  });
  if (isKnown(request, etag, modified)) {
    response.removeHeader("Content-Type");
    response.writeHead(304).end();
  } else if (range === "outside") {
    response.writeHead(416, { "Content-Range": `bytes */${size}`, "Content-Length": 0 }).end();
  } else if (coding) {
    response.writeHead(200, { "Content-Encoding": coding });
    await sendBytes({ request, response }, content, wholeOf(size), compressorOf(coding));
  } else {
    const { start, end } = range === "all" ? wholeOf(size) : range;
    response.writeHead(range === "all" ? 200 : 206, {
      "Content-Length": end - start + 1,
      ...(range !== "all" && { "Content-Range": `bytes ${start}-${end}/${size}` }),
    });
    await sendBytes({ request, response }, content, { start, end });
  }
}

function setHeaders(response: ServerResponse, ...all: readonly Headers[]): void {
  for (const headers of all)
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

async function sendBytes(
  { request, response }: Exchange,
  content: Content,
  { start, end }: ByteRange,
  compressor?: Duplex,
): Promise<void> {
  if (request.method === "HEAD" || end < start) {
    response.end();
    return;
  }
  const bytes = untilEnd(content.read(start, end), end - start + 1);
  await (compressor ? pipeline(bytes, compressor, response) : pipeline(bytes, response));
}

/** Passes bytes on. @throws AuricleError "file" at their end where there are fewer, which breaks off the answer. */
async function* untilEnd(bytes: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array> {
  let passed = 0;
  for await (const part of bytes) {
    passed += part.length;
    yield part;
  }
  if (passed < length)
    throw new AuricleError("file", `a file became shorter while it was sent: ${passed} of ${length} bytes`);
}

/** All of a content; of an empty one a range that ends before it begins. */
function wholeOf(size: number): ByteRange {
  return { start: 0, end: size - 1 };
}

/** Whether the client has this very content: by its tags, or where it names none by its time, which has whole seconds. */
function isKnown({ headers }: IncomingMessage, etag: string, modified: number | undefined): boolean {
  const tags = headers["if-none-match"];
  if (tags !== undefined) {
    return tags.split(",").some((one) => ["*", etag].includes(one.trim().replace(/^W\//, "")));
  }
  const since = Date.parse(headers["if-modified-since"] ?? "");
  return modified !== undefined && Math.floor(modified / 1000) * 1000 <= since;
}

function codingOf({ headers }: IncomingMessage): Coding | undefined {
  const accepted = [headers["accept-encoding"] ?? ""]
    .flat()
    .flatMap((text) => text.toLowerCase().split(","))
    .filter((one) => !/;\s*q=0(\.0*)?\s*$/.test(one))
    .map((one) => one.split(";")[0].trim());
  return CODINGS.find((coding) => accepted.includes(coding));
}

function compressorOf(coding: Coding): Duplex {
  return coding === "gzip"
    ? createGzip()
    : createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } });
}
