/** @file The body of a request, counted while it arrives. Node only. */

import type { IncomingMessage } from "node:http";
import { busy } from "./answer-threads.ts";
import { RequestProblem } from "./problem.ts";

/** The bytes of all bodies that a server holds. */
export class HeldBytes {
  readonly most: number;
  held = 0;

  constructor(most: number) {
    this.most = most;
  }

  /** Whether so many more fit; then they are held. */
  take(bytes: number): boolean {
    if (this.held + bytes > this.most) return false;
    this.held += bytes;
    return true;
  }

  give(bytes: number): void {
    this.held -= bytes;
  }
}

/** A body in memory, given back by `release`. */
export interface HeldBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  release(): void;
}

export interface ReadBodyOptions {
  /** Bytes of one body. */
  readonly most: number;
  readonly seconds: number;
  readonly held: HeldBytes;
}

/** @throws RequestProblem for a body that is too large, too slow, broken off, or one too many */
export async function readBody(request: IncomingMessage, options: ReadBodyOptions): Promise<HeldBody> {
  const { most, seconds, held } = options;
  requireSize(Number(request.headers["content-length"] ?? 0), most);
  const chunks: Buffer[] = [];
  let length = 0;
  let isReleased = false;
  const release = () => {
    if (!isReleased) held.give(length);
    isReleased = true;
  };
  try {
    await new Promise<void>((resolve, reject) => {
      const end = (error?: unknown) => {
        clearTimeout(timer);
        request.off("data", take).off("end", whole).off("error", broken).off("close", broken).pause();
        if (error === undefined) resolve();
        else reject(error);
      };
      const slow = () =>
        end(new RequestProblem("receive-timeout", `the body did not arrive within ${seconds} s`, CLOSE));
      const timer = setTimeout(slow, seconds * 1000);
      const whole = () => end();
      const take = (chunk: Buffer) => {
        try {
          requireSize(length + chunk.length, most);
          if (!held.take(chunk.length)) throw busy();
          length += chunk.length;
          chunks.push(chunk);
        } catch (error) {
          end(error);
        }
      };
      const broken = () =>
        end(new RequestProblem("bad-request", "the request was broken off before its end", CLOSE));
      request.on("data", take).on("end", whole).on("error", broken).on("close", broken);
    });
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return { bytes, release };
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * Lets a body arrive and keeps nothing of it, so that a client that is still sending can read why it is refused.
 * @returns whether all of it has come; otherwise the connection is of no further use
 */
export function discardBody(
  request: IncomingMessage,
  { most, seconds }: Pick<ReadBodyOptions, "most" | "seconds">,
): Promise<boolean> {
  if (request.complete && request.readableEnded) return Promise.resolve(true);
  const { headers } = request;
  const hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
  if (!hasBody) return Promise.resolve(true);
  if (request.destroyed || Number(headers["content-length"] ?? 0) > most) return Promise.resolve(false);
  return new Promise((resolve) => {
    let length = 0;
    const end = (isWhole: boolean) => {
      clearTimeout(timer);
      request.off("data", drop).off("end", whole).off("error", broken).off("close", broken);
      resolve(isWhole);
    };
    const drop = (chunk: Buffer) => {
      length += chunk.length;
      if (length > most) end(false);
    };
    const whole = () => end(true);
    const broken = () => end(false);
    const timer = setTimeout(broken, seconds * 1000);
    request.on("data", drop).on("end", whole).on("error", broken).on("close", broken).resume();
  });
}

/** The rest of the body is not read. */
const CLOSE = { Connection: "close" };

function requireSize(bytes: number, most: number): void {
  if (bytes <= most) return;
  throw new RequestProblem("too-large", `the body is larger than the ${most} bytes that are taken`, CLOSE);
}
