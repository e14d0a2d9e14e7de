/**
 * @file Downloads a file so that a wrong or half one is never in its place: into `<path>.part`, resumed where an
 * earlier try ended, checked by size and digest, then renamed. Node only.
 */

import { mkdir, open, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { constants } from "node:fs";
import { dirname } from "node:path";
import { AuricleError } from "../errors.ts";
import { errorCode, fileError } from "../io/atomic-file.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { whyDifferent } from "./verify.ts";

export interface DownloadProgress {
  /** Bytes that are here, those of an earlier try included. */
  readonly received: number;
  /** Bytes of the whole file; about as many where its server does not say. */
  readonly total: number;
}

export interface DownloadRequest {
  /** Addresses of the same file, tried in turn. */
  readonly urls: readonly string[];
  /** Where the file goes; its folder is made where needed. */
  readonly path: string;
  /** Exactly; undefined where nobody tells. */
  readonly bytes?: number | undefined;
  /** About as many, for the progress where neither `bytes` nor the server tells. */
  readonly approximateBytes?: number;
  /**
   * Lower-case hexadecimal, as is `md5`. Where both are undefined the connection must vouch for the content: only https
   * or this machine itself will do, and nothing is taken up from an earlier try.
   */
  readonly sha256?: string | undefined;
  readonly md5?: string | undefined;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Milliseconds after which a server that sends nothing is given up. Default 30,000. */
  readonly patience?: number;
}

const REQUEST: OptionNames<DownloadRequest> = {
  urls: true,
  path: true,
  bytes: true,
  approximateBytes: true,
  sha256: true,
  md5: true,
  onProgress: true,
  patience: true,
};

/** How often the list of addresses is gone through, as long as each round brings the download forward. */
const ROUNDS = 5;

/** The fault is this server's or the way to it: another address may do. */
class MirrorFailure extends Error {}

/**
 * Downloads one file. A connection that breaks is taken up again where it broke, if the server can (HTTP ranges);
 * so is, in a later call, a download that was stopped. Several processes may download the same file at once.
 *
 * @throws AuricleError "file" with what went wrong at each address, or what the disk refused. Nothing is at `path`
 * then that was not there before; what has come so far stays in `<path>.part` unless its checksum is wrong.
 */
export async function downloadFile(request: DownloadRequest): Promise<void> {
  checkOptions("downloadFile", request, REQUEST);
  const { path, urls } = request;
  const part = `${path}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (cause) {
    throw fileError("create the folder", dirname(path), cause);
  }
  let failures: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = await sizeOfFile(part);
    failures = [];
    for (const url of urls) {
      try {
        await downloadFrom(url, part, request);
        return;
      } catch (error) {
        if (!(error instanceof MirrorFailure)) throw error;
        failures.push(`  ${url}: ${error.message}`);
      }
    }
    if ((await sizeOfFile(part)) <= before) break;
  }
  throw allFailed(request, failures, hasDigest(request) ? await sizeOfFile(part) : 0);
}

function allFailed(request: DownloadRequest, failures: readonly string[], kept: number): AuricleError {
  const { path, bytes } = request;
  const all = bytes === undefined ? "" : `of ${bytes} `;
  const resumes = kept > 0 ? `; ${kept} ${all}bytes are kept, and the download continues from there` : "";
  return new AuricleError(
    "file",
    `download of ${path}: all addresses failed\n${failures.join("\n")}\n` +
      `Check the internet connection and try again${resumes}`,
  );
}

function hasDigest({ sha256, md5 }: DownloadRequest): boolean {
  return sha256 !== undefined || md5 !== undefined;
}

/** Gets the whole file from one address, checks it and puts it in place. */
async function downloadFrom(url: string, part: string, request: DownloadRequest): Promise<void> {
  const resumed = await fetchRest(url, part, request);
  const reason = await finish(part, request);
  if (reason === undefined) return;
  await rm(part, { force: true });
  // The wrong bytes may be those of an earlier try: this address gets a second chance, from the start.
  if (resumed) return downloadFrom(url, part, request);
  throw new MirrorFailure(`the downloaded file is wrong: ${reason}`);
}

/** Puts the part in place if it is the file; otherwise returns why it is not. */
async function finish(part: string, request: DownloadRequest): Promise<string | undefined> {
  const { path } = request;
  try {
    const reason = await whyDifferent(part, [request]);
    if (reason === undefined) await rename(part, path);
    return reason;
  } catch (cause) {
    if (errorCode(cause) !== "ENOENT") throw fileError("put in place", path, cause);
  }
  // Another process that downloads the same file was faster and has renamed the part.
  try {
    return await whyDifferent(path, [request]);
  } catch (cause) {
    throw fileError("read", path, cause);
  }
}

/**
 * Fetches what the part lacks. Two processes may do so at once: each writes the bytes to where they belong and cuts
 * nothing off, so that they write the same.
 * @returns whether bytes of an earlier try are in it.
 */
async function fetchRest(url: string, part: string, request: DownloadRequest): Promise<boolean> {
  const { bytes, patience = 30_000 } = request;
  // What an earlier try left cannot be told from other content without a digest.
  const have = hasDigest(request) ? await sizeOfFile(part) : 0;
  if (bytes !== undefined && have >= bytes) return true;
  const connection = new AbortController();
  const impatient = async <T>(step: Promise<T>): Promise<T> => {
    const giveUp = () => connection.abort(new MirrorFailure(`no data for ${patience / 1000} s`));
    const timer = setTimeout(giveUp, patience);
    try {
      return await step;
    } catch (cause) {
      throw networkFailure(cause);
    } finally {
      clearTimeout(timer);
    }
  };
  const ask = (start: number) => {
    // Not compressed on the way: sizes and ranges are those of the file itself.
    const range = start > 0 ? { range: `bytes=${start}-` } : undefined;
    return impatient(
      fetch(url, { headers: { "accept-encoding": "identity", ...range }, signal: connection.signal }),
    );
  };
  try {
    let response = await ask(have);
    if (response.status === 416) {
      if (response.headers.get("content-range") === `bytes */${have}`) return true;
      response = await ask(0);
    }
    if (!hasDigest(request)) checkTrusted(response.url);
    const { start, total } = extentOfAnswer(response, have, bytes);
    const reader = response.body?.getReader();
    if (!reader) throw new MirrorFailure("the response is empty");
    await writePart(part, { start, total }, request, async () => (await impatient(reader.read())).value);
    return start > 0;
  } finally {
    connection.abort();
  }
}

/** Hosts that a browser, too, trusts without encryption (W3C, Secure Contexts, section 3.1). */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** @param url where the answer came from, after redirections. */
function checkTrusted(url: string): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === "https:" || LOOPBACK.test(hostname)) return;
  throw new MirrorFailure(`this file has no checksum, so it must be downloaded over https; got ${protocol}`);
}

/** Where in the file the bytes of an answer belong. */
interface Extent {
  readonly start: number;
  /** Bytes of the whole file; undefined when the server does not say. */
  readonly total: number | undefined;
}

/** The extent of an answer, if it is one that can be used. */
function extentOfAnswer(response: Response, have: number, bytes: number | undefined): Extent {
  const { status, headers } = response;
  if (status !== 200 && status !== 206)
    throw new MirrorFailure(`HTTP ${status} ${response.statusText}`.trim());
  const encoding = headers.get("content-encoding");
  if (encoding && encoding !== "identity")
    throw new MirrorFailure(`it sends the file encoded by ${encoding}`);
  if (status === 206) {
    const range = headers.get("content-range") ?? "no range";
    const total = bytes ?? Number(/\/(\d+)$/.exec(range)?.[1]);
    if (range === `bytes ${have}-${total - 1}/${total}`) return { start: have, total };
    throw new MirrorFailure(`it offers ${range}; expected bytes ${have}-${total - 1}/${total}`);
  }
  const length = headers.get("content-length");
  if (length !== null && bytes !== undefined && Number(length) !== bytes) {
    throw new MirrorFailure(`it offers ${length} bytes; expected ${bytes}`);
  }
  return { start: 0, total: bytes ?? (length === null ? undefined : Number(length)) };
}

/** Writes the pieces into the part where they belong, and flushes them to the disk. */
async function writePart(
  part: string,
  { start, total }: Extent,
  request: DownloadRequest,
  nextPiece: () => Promise<Uint8Array | undefined>,
): Promise<void> {
  const { approximateBytes = 0, onProgress } = request;
  let file: FileHandle | undefined;
  try {
    file = await open(part, constants.O_RDWR | constants.O_CREAT);
    let received = start;
    const report = () => onProgress?.({ received, total: total ?? Math.max(received, approximateBytes) });
    report();
    while (total === undefined || received < total) {
      const piece = await nextPiece();
      if (!piece && total === undefined) break;
      if (!piece) throw new MirrorFailure(`the response ended after ${received} of ${total} bytes`);
      // Should the server send more than the file has, the checksum decides.
      const wanted = total === undefined ? piece : piece.subarray(0, total - received);
      await writeFully(file, wanted, received);
      received += wanted.length;
      report();
    }
    // Of an earlier try for a file of unknown size there may be more.
    if (request.bytes === undefined) await file.truncate(received);
    await file.sync();
  } catch (cause) {
    // An error without a code is the network's or the caller's, not the disk's.
    throw errorCode(cause) ? fileError("write", part, cause) : cause;
  } finally {
    await file?.close();
  }
}

async function writeFully(file: FileHandle, piece: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < piece.length;) {
    done += (await file.write(piece, done, piece.length - done, position + done)).bytesWritten;
  }
}

/** In fetch's errors the fault itself is the cause. */
function networkFailure(error: unknown): MirrorFailure {
  if (error instanceof MirrorFailure) return error;
  const fault = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = errorCode(fault);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return new MirrorFailure(`the host was not found (${code}); is there an internet connection?`, {
      cause: error,
    });
  }
  const message = fault instanceof Error && fault.message ? fault.message : "the connection failed";
  return new MirrorFailure(code ? `${message} (${code})` : message, { cause: error });
}

async function sizeOfFile(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return 0;
    throw fileError("read", path, cause);
  }
}
