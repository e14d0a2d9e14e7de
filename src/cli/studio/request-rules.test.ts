/** @file Requests of other sites and other names: refused, whatever they ask for. */

import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { reasonOf, startStudio, type TestStudio } from "./testing/studio-server.ts";

const RUNS = { "one/config.json": "{}" };

/** Sends lines as they are, with the line ends of HTTP, and returns all that comes back. */
function sendLines(port: number, lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(`${lines.join("\r\n")}\r\n\r\n`));
    socket.on("data", (piece) => (answer += piece.toString("latin1")));
    socket.on("end", () => resolve(answer));
    socket.on("error", reject);
  });
}

async function statusOf(studio: TestStudio, path: string, headers: Record<string, string>) {
  return (await studio.ask(path, { headers })).status;
}

describe("the name that a request was sent to", () => {
  it("is one of this machine's own, with the port", async () => {
    const studio = await startStudio(RUNS);
    const { port } = studio;
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LocalHost:${port}`, `[::1]:${port}`]) {
      expect(await statusOf(studio, "/", { host }), host).toBe(200);
    }
    const foreign = [
      "evil.example",
      `evil.example:${port}`,
      "127.0.0.1",
      "localhost",
      `127.0.0.1:${port + 1}`,
      `localhost.evil.example:${port}`,
      `127.0.0.1.nip.io:${port}`,
      `0.0.0.0:${port}`,
      `127.0.0.2:${port}`,
      `2130706433:${port}`,
      `localhost.:${port}`,
      `user@localhost:${port}`,
      `localhost:${port}, evil.example`,
    ];
    for (const host of foreign) {
      for (const path of ["/", "/runs/index.json", "/runs/one/config.json", "/nothing"]) {
        const answer = await studio.ask(path, { headers: { host } });
        expect(answer.status, host).toBe(403);
        expect(reasonOf(answer)).toContain(`the studio answers under 127.0.0.1:${port}, localhost:${port}`);
      }
    }
  });

  it("is stated once", async () => {
    const { port } = await startStudio();
    const own = `Host: 127.0.0.1:${port}`;
    const lines = ["GET / HTTP/1.1", own, "Connection: close"];
    expect(await sendLines(port, lines)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await sendLines(port, [...lines, "Host: evil.example"])).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(await sendLines(port, [...lines, own])).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(await sendLines(port, ["GET / HTTP/1.1", "Connection: close"])).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(await sendLines(port, ["GET / HTTP/1.1", "Host:", "Connection: close"])).toMatch(
      /^HTTP\/1\.1 40[03] /,
    );
    expect(await sendLines(port, ["GET / HTTP/1.0"])).toMatch(/^HTTP\/1\.1 403 /);
  });

  it("is not taken from the target", async () => {
    const { port, ask } = await startStudio();
    for (const target of [`http://127.0.0.1:${port}/`, "http://evil.example/", "*", "index.html"]) {
      expect((await ask(target)).status, target).toBe(400);
    }
  });
});

describe("the page that a request comes from", () => {
  it("is of the same address", async () => {
    const studio = await startStudio(RUNS);
    const { port } = studio;
    const statusFor = (origin: string) => statusOf(studio, "/runs/one/config.json", { origin });
    expect(await statusFor(`http://127.0.0.1:${port}`)).toBe(200);
    const foreign = [
      "null",
      "http://evil.example",
      `https://127.0.0.1:${port}`,
      `http://localhost:${port}`,
      "",
    ];
    for (const origin of [...foreign, `http://127.0.0.1:${port + 1}`, "file://"]) {
      expect(await statusFor(origin), origin).toBe(403);
    }
  });

  it("is not of another site, unless a person follows a link to the app", async () => {
    const studio = await startStudio(RUNS);
    const statusFor = (path: string, site: string, mode = "no-cors", dest = "image") =>
      statusOf(studio, path, { "sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest });
    for (const path of ["/", "/clip.wav", "/runs/one/config.json"]) {
      for (const site of ["cross-site", "same-site", "anything"]) {
        expect(await statusFor(path, site), path).toBe(403);
        expect(await statusFor(path, site, "cors", "empty"), path).toBe(403);
        expect(await statusFor(path, site, "navigate", "iframe"), path).toBe(403);
        expect(await statusFor(path, site, "navigate", "embed"), path).toBe(403);
      }
      expect(await statusFor(path, "same-origin", "cors", "empty"), path).toBe(200);
      expect(await statusFor(path, "none", "navigate", "document"), path).toBe(200);
    }
    expect(await statusFor("/", "cross-site", "navigate", "document")).toBe(200);
    for (const path of ["/runs/one/config.json", "/runs/index.json", "/%72uns/one/config.json"]) {
      expect(await statusFor(path, "cross-site", "navigate", "document"), path).toBe(403);
      expect(await statusFor(path, "same-site", "navigate", "document"), path).toBe(403);
    }
  });
});

it("what is no HTTP, and lines that are too long, end the connection and nothing else", async () => {
  const studio = await startStudio();
  const own = `Host: 127.0.0.1:${studio.port}`;
  const garbage = [
    "\u0000\u0001\u0002",
    "GET /\u0000 HTTP/1.1",
    "GET / of all HTTP/1.1",
    "GET  HTTP/1.1",
    `GET /${"a".repeat(100_000)} HTTP/1.1`,
    `GET /${"../".repeat(4000)}etc/passwd HTTP/1.1`,
  ];
  for (const line of garbage) {
    const answer = await sendLines(studio.port, [line, own, "Connection: close"]).catch(String);
    expect(answer, line.slice(0, 40)).not.toMatch(/^HTTP\/1\.1 [23]/);
  }
  expect((await studio.ask("/")).status).toBe(200);
  expect(studio.errors).toEqual([]);
});
