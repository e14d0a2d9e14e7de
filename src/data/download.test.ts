import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { AuricleError } from "../errors.ts";
import { downloadFile, type DownloadProgress, type DownloadRequest } from "./download.ts";
import { breakOff, serveRanges, serveWhole, startServer } from "./testing/file-server.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const content = new Uint8Array(300_000).map((_, i) => (i * i) >> 5);
const sha256 = createHash("sha256").update(content).digest("hex");

/** How far the last request has come, unless its test looks at the progress itself. */
const client = { received: 0 };

/** A request for `content` into a new folder. */
async function request(
  urls: readonly string[],
  more: Partial<DownloadRequest> = {},
): Promise<DownloadRequest> {
  client.received = 0;
  return {
    urls,
    path: join(await temporaryFolder(), "made", "file.gz"),
    bytes: content.length,
    sha256,
    onProgress: ({ received }) => (client.received = received),
    ...more,
  };
}

async function expectContent(path: string): Promise<void> {
  expect(Buffer.compare(await readFile(path), content)).toBe(0);
  expect(await readdir(join(path, ".."))).toEqual(["file.gz"]);
}

/** Leaves bytes as if of an earlier try. */
async function leavePart(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(`${path}.part`, bytes);
}

async function failure(download: Promise<void>): Promise<AuricleError> {
  const error = await download.catch((caught: unknown) => caught);
  if (!(error instanceof AuricleError)) throw new Error(`expected an AuricleError; got ${String(error)}`);
  expect(error.code).toBe("file");
  return error;
}

describe("downloadFile", () => {
  it("downloads into a folder that it makes, and reports progress up to the end", async () => {
    const server = await startServer({ "/file.gz": serveRanges(content) });
    const progress: DownloadProgress[] = [];
    const wanted = await request([`${server.url}file.gz`], { onProgress: (step) => progress.push(step) });
    await downloadFile(wanted);
    await expectContent(wanted.path);
    const received = progress.map((step) => step.received);
    expect(received).toEqual([...received].sort((a, b) => a - b));
    expect(progress[0]).toEqual({ received: 0, total: 300_000 });
    expect(progress.at(-1)).toEqual({ received: 300_000, total: 300_000 });
  });

  it("takes up a broken connection where it broke", async () => {
    const server = await startServer({ "/file.gz": breakOff(content, 2, client) });
    const wanted = await request([`${server.url}file.gz`]);
    await downloadFile(wanted);
    await expectContent(wanted.path);
    // Half of all, then half of the rest, then what is left.
    expect(server.requests.map(({ range }) => range)).toEqual([undefined, "bytes=150000-", "bytes=225000-"]);
  });

  it("goes on at another address where the first broke off", async () => {
    const server = await startServer({ "/a": breakOff(content, 99, client), "/b": serveRanges(content) });
    const wanted = await request([`${server.url}a`, `${server.url}b`]);
    await downloadFile(wanted);
    await expectContent(wanted.path);
    expect(server.requests).toEqual([
      { path: "/a", range: undefined },
      { path: "/b", range: "bytes=150000-" },
    ]);
  });

  it("keeps what came when it has to give up, and a later call goes on from there", async () => {
    const broken = await startServer({ "/file.gz": breakOff(content, 99, client) });
    const wanted = await request([`${broken.url}file.gz`]);
    // Halves of the rest in 5 rounds leave 300,000 / 32 = 9,375 bytes.
    expect((await failure(downloadFile(wanted))).message).toMatch(/290625 of 300000 bytes are kept/);
    expect(await readdir(join(wanted.path, ".."))).toEqual(["file.gz.part"]);
    const server = await startServer({ "/file.gz": serveRanges(content) });
    const received: number[] = [];
    await downloadFile({
      ...wanted,
      urls: [`${server.url}file.gz`],
      onProgress: (step) => received.push(step.received),
    });
    await expectContent(wanted.path);
    expect(server.requests).toEqual([{ path: "/file.gz", range: "bytes=290625-" }]);
    expect(received[0]).toBe(290_625);
  });

  it("starts again where the server knows no ranges", async () => {
    const server = await startServer({ "/file.gz": serveWhole(content) });
    const wanted = await request([`${server.url}file.gz`]);
    await leavePart(wanted.path, content.subarray(0, 1000));
    await downloadFile(wanted);
    await expectContent(wanted.path);
    expect(server.requests).toHaveLength(1);
  });

  it("starts again where the server refuses the range", async () => {
    const server = await startServer({
      "/file.gz": (asked, response) => {
        if (asked.headers.range) response.writeHead(416).end();
        else serveWhole(content)(asked, response);
      },
    });
    const wanted = await request([`${server.url}file.gz`]);
    await leavePart(wanted.path, content.subarray(0, 1000));
    await downloadFile(wanted);
    await expectContent(wanted.path);
  });

  it.each([
    ["wrong bytes", new Uint8Array(1000).fill(9), 2],
    ["wrong bytes of the full length", new Uint8Array(300_000), 1],
    ["more bytes than the file has", new Uint8Array(300_001), 1],
  ])("starts again when an earlier try left %s", async (_, left, requests) => {
    const server = await startServer({ "/file.gz": serveRanges(content) });
    const wanted = await request([`${server.url}file.gz`]);
    await leavePart(wanted.path, left);
    await downloadFile(wanted);
    await expectContent(wanted.path);
    expect(server.requests).toHaveLength(requests);
  });

  it("asks for nothing when an earlier try left everything", async () => {
    const server = await startServer({});
    const wanted = await request([`${server.url}file.gz`]);
    await leavePart(wanted.path, content);
    await downloadFile(wanted);
    await expectContent(wanted.path);
    expect(server.requests).toEqual([]);
  });

  it("keeps nothing of a file with the wrong checksum, and leaves what was there before", async () => {
    const other = content.map((byte) => byte ^ 1);
    const server = await startServer({ "/file.gz": serveRanges(other) });
    const wanted = await request([`${server.url}file.gz`]);
    await mkdir(join(wanted.path, ".."));
    await writeFile(wanted.path, "before");
    const found = createHash("sha256").update(other).digest("hex");
    expect((await failure(downloadFile(wanted))).message).toContain(
      `its SHA-256 is ${found}; expected ${sha256}`,
    );
    expect(await readFile(wanted.path, "utf8")).toBe("before");
    expect(await readdir(join(wanted.path, ".."))).toEqual(["file.gz"]);
  });

  it("tries the addresses in turn and tells what was wrong with each when all fail", async () => {
    const server = await startServer({
      "/short": serveWhole(content.subarray(1)),
      "/broken": (_asked, response) => response.writeHead(500).end(),
      "/good": serveRanges(content),
    });
    const bad = ["missing", "short", "broken"].map((name) => server.url + name);
    const { message } = await failure(downloadFile(await request(bad)));
    expect(message).toContain(`${server.url}missing: HTTP 404 Not Found`);
    expect(message).toContain(`${server.url}short: it offers 299999 bytes; expected 300000`);
    expect(message).toContain(`${server.url}broken: HTTP 500 Internal Server Error`);
    expect(message).toContain("Check the internet connection");
    const wanted = await request([...bad, `${server.url}good`]);
    await downloadFile(wanted);
    await expectContent(wanted.path);
  });

  it("names a host that is not found and a server that is not there", async () => {
    // RFC 2606 reserves .invalid: no such host exists. Port 9 of the local machine is "discard", closed everywhere.
    const urls = ["http://mirror.invalid/file.gz", "http://127.0.0.1:9/file.gz"];
    const { message } = await failure(downloadFile(await request(urls)));
    expect(message).toMatch(
      /mirror\.invalid\/file\.gz: the host was not found \(E\w+\); is there an internet connection\?/,
    );
    expect(message).toMatch(/127\.0\.0\.1:9\/file\.gz: \S/);
  });

  it.each([
    [
      "more bytes than the file has",
      [content.map((byte) => byte ^ 1), Uint8Array.of(1)],
      /its SHA-256 is/,
      [],
    ],
    ["fewer", [content.subarray(0, 200_000)], /ended after 200000 of 300000 bytes/, ["file.gz.part"]],
  ])("refuses an answer of unknown length with %s", async (_, pieces, message, left) => {
    const server = await startServer({
      "/file.gz": (_asked, response) => {
        for (const piece of pieces) response.write(piece);
        response.end();
      },
    });
    const wanted = await request([`${server.url}file.gz`]);
    expect((await failure(downloadFile(wanted))).message).toMatch(message);
    expect(await readdir(join(wanted.path, ".."))).toEqual(left);
  });

  it("refuses an answer that is compressed on the way or is another range than asked for", async () => {
    const server = await startServer({
      "/encoded": (_asked, response) => response.writeHead(200, { "content-encoding": "br" }).end(content),
      "/range": (_asked, response) =>
        response.writeHead(206, { "content-range": "bytes 5-299999/300000" }).end(content.subarray(5)),
    });
    const { message } = await failure(
      downloadFile(await request([`${server.url}encoded`, `${server.url}range`])),
    );
    expect(message).toContain("encoded: it sends the file encoded by br");
    expect(message).toContain("range: it offers bytes 5-299999/300000; expected bytes 0-299999/300000");
  });

  it("gives up a server that falls silent", async () => {
    const server = await startServer({
      "/file.gz": (_asked, response) =>
        response.writeHead(200, { "content-length": content.length }).write(content.subarray(0, 1000)),
      "/mute": () => undefined,
    });
    const urls = [`${server.url}file.gz`, `${server.url}mute`];
    const { message } = await failure(downloadFile(await request(urls, { patience: 200 })));
    expect(message).toMatch(/file\.gz: no data for 0\.2 s/);
    expect(message).toMatch(/mute: no data for 0\.2 s/);
  });

  it("lets two downloads of the same file run at once", async () => {
    const server = await startServer({ "/file.gz": serveRanges(content) });
    const wanted = await request([`${server.url}file.gz`]);
    await Promise.all([downloadFile(wanted), downloadFile(wanted), downloadFile(wanted)]);
    await expectContent(wanted.path);
  });

  it.each([
    ["ENOSPC", /cannot write .*file\.gz\.part: no space is left on the device: .* \(ENOSPC\)/],
    ["EACCES", /cannot write .*file\.gz\.part: permission denied: .* \(EACCES\)/],
  ])("says what the disk refused (%s) and asks no other address", async (code, message) => {
    const server = await startServer({ "/a": serveRanges(content), "/b": serveRanges(content) });
    const wanted = await request([`${server.url}a`, `${server.url}b`]);
    await mkdir(join(wanted.path, ".."));
    const handle = await open(join(wanted.path, "..", "other"), "w");
    onTestFinished(() => handle.close());
    const refused = Object.assign(new Error(`${code}: write`), { code });
    const spy = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, "write").mockRejectedValue(refused);
    onTestFinished(() => spy.mockRestore());
    expect((await failure(downloadFile(wanted))).message).toMatch(message);
    expect(server.requests).toHaveLength(1);
  });

  it("says that it cannot make the folder", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "occupied"), "");
    const wanted = await request(["http://127.0.0.1:9/"], {
      path: join(folder, "occupied", "deeper", "file.gz"),
    });
    expect((await failure(downloadFile(wanted))).message).toMatch(
      /cannot create the folder .*occupied.deeper: /,
    );
  });
});

describe("downloadFile of a file about which less is known", () => {
  const md5 = createHash("md5").update(content).digest("hex");
  const unknown = { bytes: undefined, sha256: undefined };

  /** Serves the content in pieces, so that its length is told nowhere. */
  const serveChunked = (body: Uint8Array) => (_: unknown, response: ServerResponse) => {
    response.writeHead(200);
    response.write(body.subarray(0, 1000));
    response.end(body.subarray(1000));
  };

  it("checks it by MD5 where that is what its origin publishes", async () => {
    const server = await startServer({ "/file.gz": serveRanges(content) });
    const wanted = await request([`${server.url}file.gz`], { ...unknown, md5 });
    const progress: DownloadProgress[] = [];
    await downloadFile({ ...wanted, onProgress: (step) => progress.push(step) });
    await expectContent(wanted.path);
    expect(progress.at(-1)).toEqual({ received: 300_000, total: 300_000 });
    const wrong = await request([`${server.url}file.gz`], { ...unknown, md5: "0".repeat(32) });
    expect((await failure(downloadFile(wrong))).message).toContain(`its MD5 is ${md5}; expected 000`);
  });

  it("goes on where it broke, also when everything is there already", async () => {
    const server = await startServer({ "/file.gz": breakOff(content, 1, client) });
    const wanted = await request([`${server.url}file.gz`], { ...unknown, md5 });
    await downloadFile(wanted);
    await expectContent(wanted.path);
    expect(server.requests.map(({ range }) => range)).toEqual([undefined, "bytes=150000-"]);

    const complete = await startServer({
      "/file.gz": (_, response) => response.writeHead(416, { "content-range": "bytes */300000" }).end(),
    });
    const again = await request([`${complete.url}file.gz`], { ...unknown, md5 });
    await leavePart(again.path, content);
    await downloadFile(again);
    await expectContent(again.path);
    expect(complete.requests).toHaveLength(1);
  });

  it("takes it to its end where the server tells no length, and cuts off what an earlier try left", async () => {
    const server = await startServer({ "/file.gz": serveChunked(content) });
    const wanted = await request([`${server.url}file.gz`], { ...unknown, md5, approximateBytes: 400_000 });
    await leavePart(wanted.path, new Uint8Array(500_000));
    const progress: DownloadProgress[] = [];
    await downloadFile({ ...wanted, onProgress: (step) => progress.push(step) });
    await expectContent(wanted.path);
    expect(progress.at(-1)).toEqual({ received: 300_000, total: 400_000 });
  });

  it("without any digest starts anew each time, and trusts only https and this machine", async () => {
    const server = await startServer({ "/file.gz": serveRanges(content) });
    const wanted = await request([`${server.url}file.gz`], unknown);
    await leavePart(wanted.path, content.subarray(0, 1000));
    await downloadFile(wanted);
    await expectContent(wanted.path);
    expect(server.requests).toEqual([{ path: "/file.gz", range: undefined }]);

    const plain = await request(["http://example.org/file.gz"], unknown);
    const answer = new Response(content);
    Object.defineProperty(answer, "url", { value: "http://example.org/file.gz" });
    const fetching = vi.spyOn(globalThis, "fetch").mockResolvedValue(answer);
    onTestFinished(() => fetching.mockRestore());
    expect((await failure(downloadFile(plain))).message).toContain(
      "this file has no checksum, so it must be downloaded over https; got http:",
    );
    expect(await readdir(join(plain.path, ".."))).toEqual([]);
  });
});
