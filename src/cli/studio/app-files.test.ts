/** @file The app as browsers get it: types, caching, parts, compression, and what they may do with it. */

import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { APP_HEADERS } from "./headers.ts";
import { APP, reasonOf, SCRIPT, startStudio } from "./testing/studio-server.ts";

const SCRIPT_PATH = "/assets/main-B3fk_9aQ.js";

/** Headers that tell of the connection, not of the content. */
const OF_CONNECTIONS = ["date", "connection", "transfer-encoding"];

/** Names as Node.js gives them. */
function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

describe("the app", () => {
  it("comes with its types, its bytes and the headers of isolation and policy", async () => {
    const studio = await startStudio();
    const types: Readonly<Record<string, string>> = {
      "/": "text/html; charset=utf-8",
      [SCRIPT_PATH]: "text/javascript; charset=utf-8",
      "/assets/style.css": "text/css; charset=utf-8",
      "/assets/engine.wasm": "application/wasm",
      "/assets/serif-AAAAAAAA.woff2": "font/woff2",
      "/clip.wav": "audio/wav",
      "/empty.txt": "text/plain; charset=utf-8",
    };
    for (const [path, type] of Object.entries(types)) {
      const { status, headers, body } = await studio.ask(path);
      const content = APP[path === "/" ? "index.html" : path.slice(1)];
      expect([status, headers["content-type"]], path).toEqual([200, type]);
      expect(body.equals(Buffer.from(content)), path).toBe(true);
      expect(headers, path).toMatchObject(lowerCase(APP_HEADERS));
      expect(headers["content-length"], path).toBe(String(content.length));
    }
    expect(studio.errors).toEqual([]);
  });

  it("is kept by browsers where names tell contents, and asked for again elsewhere", async () => {
    const studio = await startStudio();
    const cachingOf = async (path: string) => (await studio.ask(path)).headers["cache-control"];
    expect(await cachingOf(SCRIPT_PATH)).toBe("public, max-age=31536000, immutable");
    expect(await cachingOf("/assets/serif-AAAAAAAA.woff2")).toContain("immutable");
    expect(await cachingOf("/")).toBe("no-cache");
    expect(await cachingOf("/assets/style.css")).toBe("no-cache");
  });

  it("has no page of another name, and tells so in JSON", async () => {
    const studio = await startStudio();
    for (const path of [
      "/nothing.js",
      "/assets",
      "/assets/",
      "/index.html/",
      "//",
      "/?",
      "/index.html?x=1",
    ]) {
      const answer = await studio.ask(path);
      const isThere = ["/?", "/index.html?x=1"].includes(path);
      expect(answer.status, path).toBe(isThere ? 200 : 404);
      if (isThere) continue;
      expect(answer.headers["content-type"]).toBe("application/json");
      expect(answer.headers["x-content-type-options"]).toBe("nosniff");
      expect(reasonOf(answer)).toBe("the studio has no such page or file");
    }
  });

  it("is only read", async () => {
    const studio = await startStudio();
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"]) {
      const { status, headers } = await studio.ask("/", { method });
      expect([status, headers.allow], method).toEqual([405, "GET, HEAD"]);
    }
  });
});

describe("HEAD", () => {
  it("has the headers of GET and no body", async () => {
    const studio = await startStudio({ "one/config.json": "{}" });
    for (const path of ["/", SCRIPT_PATH, "/clip.wav", "/runs/one/config.json", "/runs/nothing", "/no"]) {
      for (const encoding of ["identity", "gzip"]) {
        const headers = { "accept-encoding": encoding };
        const [got, head] = [
          await studio.ask(path, { headers }),
          await studio.ask(path, { headers, method: "HEAD" }),
        ];
        expect(head.body.length, path).toBe(0);
        expect(head.status, path).toBe(got.status);
        const others = Object.entries(got.headers).filter(([name]) => !OF_CONNECTIONS.includes(name));
        expect(head.headers, path).toMatchObject(Object.fromEntries(others));
      }
    }
  });
});

describe("a part of a file", () => {
  const ranges: readonly (readonly [range: string, status: number, part: string])[] = [
    ["bytes=0-99", 206, "0-99"],
    ["bytes=100-", 206, "100-999"],
    ["bytes=-10", 206, "990-999"],
    ["bytes=990-5000", 206, "990-999"],
    ["bytes=-5000", 206, "0-999"],
    ["bytes=999-999", 206, "999-999"],
    ["bytes=1000-", 416, "*"],
    ["bytes=-0", 416, "*"],
    ["bytes=99999999999999999999-", 416, "*"],
    // Not understood, or several: all of it.
    ["bytes=5-3", 200, ""],
    ["bytes=-", 200, ""],
    ["bytes=a-b", 200, ""],
    ["bytes=0-1,5-6", 200, ""],
    ["seconds=0-1", 200, ""],
  ];

  it.each(ranges)("%s: %i %s", async (range, status, part) => {
    const studio = await startStudio();
    const { headers, body, ...answer } = await studio.ask("/clip.wav", { headers: { range } });
    expect(answer.status).toBe(status);
    expect(headers["content-range"]).toBe(part === "" ? undefined : `bytes ${part}/1000`);
    expect(headers["accept-ranges"]).toBe("bytes");
    const [start, end] = status === 206 ? part.split("-").map(Number) : [0, status === 200 ? 999 : -1];
    expect([...body]).toEqual([...Buffer.from(APP["clip.wav"])].slice(start, end + 1));
  });

  it("is one of the same file, or else all comes", async () => {
    const studio = await startStudio();
    const { etag, "last-modified": modified } = (await studio.ask("/clip.wav")).headers;
    const statusOf = async (condition: string | undefined) =>
      (await studio.ask("/clip.wav", { headers: { range: "bytes=0-9", "if-range": condition ?? "" } }))
        .status;
    expect(await statusOf(etag)).toBe(206);
    expect(await statusOf(modified)).toBe(206);
    expect(await statusOf('"another"')).toBe(200);
  });

  it("of a text comes as it is, though the whole is compressed", async () => {
    const studio = await startStudio();
    const headers = { range: "bytes=7-11", "accept-encoding": "br, gzip" };
    const answer = await studio.ask(SCRIPT_PATH, { headers });
    expect([answer.status, answer.body.toString()]).toEqual([206, "const"]);
    expect(answer.headers["content-encoding"]).toBeUndefined();
  });

  it("of an empty file is none", async () => {
    const studio = await startStudio();
    const { status } = await studio.ask("/empty.txt", { headers: { range: "bytes=0-" } });
    expect(status).toBe(416);
  });
});

describe("a file that a browser has already", () => {
  it("is not sent again, until it changes", async () => {
    const studio = await startStudio();
    const first = (await studio.ask("/clip.wav")).headers;
    const again = async (headers: Record<string, string | undefined>) => {
      const { status, body } = await studio.ask("/clip.wav", { headers });
      return [status, body.length];
    };
    const unchanged = [304, 0];
    expect(await again({ "if-none-match": first.etag })).toEqual(unchanged);
    expect(await again({ "if-none-match": `"other", W/${first.etag}` })).toEqual(unchanged);
    expect(await again({ "if-none-match": "*" })).toEqual(unchanged);
    expect(await again({ "if-modified-since": first["last-modified"] })).toEqual(unchanged);
    expect(await again({ "if-none-match": '"other"' })).toEqual([200, 1000]);
    // The tag tells more than the time.
    const both = { "if-none-match": '"other"', "if-modified-since": first["last-modified"] };
    expect(await again(both)).toEqual([200, 1000]);
    await utimes(join(studio.app, "clip.wav"), new Date(), new Date(Date.now() + 10_000));
    expect(await again({ "if-none-match": first.etag })).toEqual([200, 1000]);
    expect(await again({ "if-modified-since": first["last-modified"] })).toEqual([200, 1000]);
  });

  it("has one tag for each form in which it is sent", async () => {
    const studio = await startStudio();
    const tags = await Promise.all(
      ["identity", "gzip", "br"].map(async (encoding) => {
        const answer = await studio.ask(SCRIPT_PATH, { headers: { "accept-encoding": encoding } });
        expect(answer.headers.vary).toBe("Accept-Encoding");
        return answer.headers.etag;
      }),
    );
    expect(new Set(tags).size).toBe(3);
    const headers = { "accept-encoding": "gzip", "if-none-match": tags[1] };
    expect((await studio.ask(SCRIPT_PATH, { headers })).status).toBe(304);
  });
});

describe("compression", () => {
  it("is what the browser takes", async () => {
    const studio = await startStudio();
    const codingOf = async (accepted: string, path = SCRIPT_PATH) => {
      const { headers, body } = await studio.ask(path, { headers: { "accept-encoding": accepted } });
      return [headers["content-encoding"], body] as const;
    };
    const [br, brotli] = await codingOf("gzip, deflate, br, zstd");
    expect([br, brotliDecompressSync(brotli).toString()]).toEqual(["br", SCRIPT]);
    const [gzip, zipped] = await codingOf("gzip;q=0.5, br;q=0");
    expect([gzip, gunzipSync(zipped).toString()]).toEqual(["gzip", SCRIPT]);
    for (const accepted of ["", "identity", "br;q=0, gzip;q=0.000", "deflate", "xgzip"]) {
      const [none, plain] = await codingOf(accepted);
      expect([none, plain.toString()], accepted).toEqual([undefined, SCRIPT]);
    }
    // Neither sound nor what is short anyway.
    expect((await codingOf("gzip", "/clip.wav"))[0]).toBeUndefined();
    expect((await codingOf("gzip", "/assets/style.css"))[0]).toBeUndefined();
  });
});
