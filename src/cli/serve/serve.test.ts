/** @file `auricle serve` as a process: its answers are those of `auricle predict`, and none is lost. */

import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { encodeWav } from "../../audio/index.ts";
import { AuricleClient, type LiveMessage } from "../../client/index.ts";
import { saveModel } from "../../nn/checkpoint/model-file.ts";
import { soundModel } from "../../onnx/export/testing/built-in-models.ts";
import { builtCommand, RunningCommand } from "../testing/built-command.ts";
import { jsonLines } from "../testing/command-line.ts";
import { namedModels } from "./run-serve.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const RATE = 22050;

let command: string;
let folder: string;
const running: RunningCommand[] = [];

/** A tone of so many seconds as a file. */
async function tone(name: string, seconds: number, hertz: number): Promise<string> {
  const samples = Float32Array.from(
    { length: Math.round(seconds * RATE) },
    (_, i) => 0.3 * Math.sin((2 * Math.PI * hertz * i) / RATE),
  );
  const path = join(folder, name);
  await writeFile(path, encodeWav({ sampleRate: RATE, channels: [samples] }));
  return path;
}

function start(parameters: readonly string[], environment: Record<string, string> = {}): RunningCommand {
  const one = new RunningCommand(execPath, [command, ...parameters], {
    env: { ...process.env, AURICLE_TARGET: "wasm", ...environment },
  });
  running.push(one);
  return one;
}

async function serving(parameters: readonly string[], environment: Record<string, string> = {}) {
  const server = start(["serve", ...parameters, "--port", "0", "--json", "--threads", "1"], environment);
  await server.printed(/"serving"/);
  const event = jsonLines(server.stdout).find(({ event: kind }) => kind === "serving");
  if (!event) throw new Error(`no server: ${server.stdout} ${server.stderr}`);
  return { server, address: String(event.address) };
}

async function send(address: string, path: string, headers: Record<string, string> = {}, to = "/v1/predict") {
  return fetch(`${address}${to}`, { method: "POST", body: new Uint8Array(await readFile(path)), headers });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "auricle-serve-"));
  command = await builtCommand();
  // Its programs of one and of several windows have different bits.
  await saveModel(
    soundModel("mel-cnn", "classification", { steps: 40 }).model,
    join(folder, "mel.safetensors"),
  );
  await saveModel(soundModel("m5", "tagging").model, join(folder, "wave.safetensors"));
}, 300_000);

afterAll(async () => {
  for (const { process: one } of running) one.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

describe("a server", () => {
  it("gives the bits of predict, whatever is asked at the same time", { timeout: 240_000 }, async () => {
    const model = join(folder, "mel.safetensors");
    const paths = await Promise.all(
      [0.5, 0.9, 1.7, 3.1, 0.9, 7.3].map((seconds, i) => tone(`tone${i}.wav`, seconds, 200 + 150 * i)),
    );
    const { stdout } = await start(["predict", model, ...paths, "--json", "--threads", "1"]).ended;
    const wanted = jsonLines(stdout).map((line) => {
      const answer = { ...line };
      delete answer.event;
      delete answer.source;
      return answer;
    });
    expect(wanted).toHaveLength(paths.length);
    const { address } = await serving([model]);
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(
        paths.map(async (path) => (await send(address, path)).json() as Promise<Record<string, unknown>>),
      );
      expect(answers).toEqual(wanted.map((answer) => ({ model: "mel", version: 1, ...answer })));
    }
    const form = new FormData();
    for (const path of paths) form.append("file", new Blob([new Uint8Array(await readFile(path))]), "a.wav");
    form.append("file", new Blob(["no sound"]), "../b.wav");
    const answered = (await (
      await fetch(`${address}/v1/predict`, { method: "POST", body: form })
    ).json()) as {
      answers: Record<string, unknown>[];
    };
    expect(answered.answers.slice(0, -1)).toEqual(wanted.map((answer) => ({ name: "a.wav", ...answer })));
    expect(answered.answers.at(-1)).toMatchObject({ name: "b.wav", problem: { status: 422 } });
  });

  it("refuses what makes no sense, each with its reason", { timeout: 240_000 }, async () => {
    const path = await tone("one.wav", 1, 440);
    const { address } = await serving([
      `a=${join(folder, "mel.safetensors")}`,
      `b=${join(folder, "wave.safetensors")}`,
      "--max-bytes",
      "100000",
      "--max-seconds",
      "2",
    ]);
    const status = async (answer: Promise<Response>) => {
      const response = await answer;
      const { type, status: told } = (await response.json()) as { type: string; status: number };
      expect(told).toBe(response.status);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      return `${response.status} ${type.replace("urn:auricle:problem:", "")}`;
    };
    const post = (body: BodyInit, headers: Record<string, string> = {}, to = "/v1/predict") =>
      fetch(`${address}${to}`, { method: "POST", body, headers });
    expect(await status(post("{}", { "content-type": "application/json" }))).toBe("415 unsupported-type");
    expect(await status(post(new Uint8Array(9), { "content-encoding": "gzip" }))).toBe(
      "415 unsupported-type",
    );
    expect(await status(post(new Uint8Array(0)))).toBe("400 bad-request");
    expect(await status(post(new Uint8Array(100)))).toBe("422 unreadable");
    expect(await status(post(new Uint8Array(100_001)))).toBe("413 too-large");
    expect(await status(send(address, await tone("long.wav", 2.1, 440)))).toBe("422 too-long");
    expect(await status(send(address, path, {}, "/v1/models/c/predict"))).toBe("404 not-found");
    expect(await status(send(address, path, {}, "/v1/predict?model=__proto__"))).toBe("404 not-found");
    expect(await status(send(address, path, {}, "/v1/predict?hop=0"))).toBe("400 bad-request");
    expect(await status(send(address, path, {}, "/v1/predict?__proto__=1"))).toBe("400 bad-request");
    expect(await status(send(address, path, { origin: "https://elsewhere.example" }))).toBe("403 forbidden");
    expect(await status(fetch(`${address}/../../etc/passwd`))).toBe("404 not-found");
    expect(await status(fetch(`${address}/v1/predict`))).toBe("405 method-not-allowed");
    const list = (await (await fetch(`${address}/v1/models`)).json()) as { models: { name: string }[] };
    expect(list.models.map(({ name }) => name)).toEqual(["a", "b"]);
    const other = (await (
      await send(address, path, {}, "/v1/predict?model=b&windows=false")
    ).json()) as object;
    expect(other).toMatchObject({ model: "b", seconds: 1 });
    expect(other).not.toHaveProperty("windows");
    const metrics = await (await fetch(`${address}/metrics`)).text();
    expect(metrics).toContain('auricle_problems_total{problem="too-large"} 1');
  });

  it("asks for its key, and answers a page that was named", { timeout: 240_000 }, async () => {
    const path = await tone("one.wav", 1, 440);
    const { address } = await serving(
      [join(folder, "mel.safetensors"), "--cors", "https://a.example", "--queue", "0"],
      {
        AURICLE_API_KEY: KEY,
      },
    );
    expect((await send(address, path)).status).toBe(401);
    expect((await send(address, path, { "x-api-key": `${KEY}0` })).status).toBe(401);
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    expect((await fetch(`${address}/metrics`)).status).toBe(401);
    const allowed = await send(address, path, {
      authorization: `Bearer ${KEY}`,
      origin: "https://a.example",
    });
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get("access-control-allow-origin")).toBe("https://a.example");
    const asked = await fetch(`${address}/v1/predict`, {
      method: "OPTIONS",
      headers: { origin: "https://a.example", "access-control-request-method": "POST" },
    });
    expect(asked.status).toBe(204);
  });

  it("answers to live sound as to a file of its newest window", { timeout: 240_000 }, async () => {
    const model = join(folder, "mel.safetensors");
    const { address, server } = await serving([model], { AURICLE_API_KEY: KEY });
    const { windowSeconds } = (await (
      await fetch(`${address}/v1/model`, { headers: { "x-api-key": KEY } })
    ).json()) as { windowSeconds: number };
    const messages: LiveMessage[] = [];
    const connect = (apiKey?: string) =>
      new AuricleClient(address, { apiKey }).live({
        sampleRate: RATE,
        hop: 0.5,
        onMessage: (message) => messages.push(message),
        // Node.js has none before version 22.
        WebSocket,
      });
    await (
      await connect()
    ).closed;
    expect(messages.splice(0)).toMatchObject([{ event: "problem", status: 401 }]);
    const live = await connect(KEY);
    const samples = Float32Array.from({ length: 2 * RATE }, (_, i) => 0.3 * Math.sin((700 * i) / RATE));
    live.send(samples);
    while (messages.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    const newest = samples.slice(-Math.ceil(windowSeconds * RATE));
    const path = join(folder, "newest.wav");
    // Samples of 32 bits: those that were sent.
    await writeFile(path, encodeWav({ sampleRate: RATE, channels: [newest] }, { bitDepth: "32-float" }));
    const file = (await (await send(address, path, { "x-api-key": KEY })).json()) as Record<string, unknown>;
    delete file.windows;
    expect(messages[0]).toMatchObject({ event: "ready", windowSeconds, hop: 0.5 });
    expect(messages[1]).toEqual({ event: "answer", start: 2 - newest.length / RATE, end: 2, ...file });
    server.process.kill("SIGTERM");
    await live.closed;
    expect((await server.ended).code).toBe(0);
  });

  it("gives every answer that is under way when it is stopped", { timeout: 240_000 }, async () => {
    const path = await tone("ten.wav", 10, 440);
    const { server, address } = await serving([join(folder, "mel.safetensors"), "--workers", "1"]);
    const answers = Array.from({ length: 8 }, () => send(address, path));
    // All have arrived when one is answered, and the others wait.
    await Promise.any(answers);
    server.process.kill("SIGTERM");
    const statuses = await Promise.all(answers.map(async (answer) => (await answer).status));
    expect(statuses).toEqual(new Array(8).fill(200));
    expect((await server.ended).code).toBe(0);
    await expect(fetch(`${address}/healthz`)).rejects.toThrow();
  });

  it("takes a new model without a gap", { timeout: 240_000 }, async () => {
    const place = join(folder, "changing", "model.safetensors");
    await mkdir(join(folder, "changing"), { recursive: true });
    await copyFile(join(folder, "mel.safetensors"), place);
    const path = await tone("one.wav", 1, 440);
    const { address } = await serving([place]);
    const versions = new Set<unknown>();
    await writeFile(place, "no model");
    for (let isNew = false; !versions.has(2);) {
      const response = await send(address, path);
      expect(response.status).toBe(200);
      versions.add(((await response.json()) as { version: number }).version);
      // What cannot be loaded changes nothing.
      const metrics = await (await fetch(`${address}/metrics`)).text();
      if (!isNew && metrics.includes('model="model",outcome="failed"')) {
        await copyFile(join(folder, "wave.safetensors"), place);
        isNew = true;
      }
    }
    expect([...versions]).toEqual([1, 2]);
  });
});

it("models are named by their folder or file, or as they are told", () => {
  expect(namedModels(["runs/genres", "x/My model.safetensors", "b=runs/a=b"])).toEqual([
    { name: "genres", place: "runs/genres" },
    { name: "My-model", place: "x/My model.safetensors" },
    { name: "b", place: "runs/a=b" },
  ]);
  expect(() => namedModels(["a/run", "b/run"])).toThrow('both named "run"');
});
