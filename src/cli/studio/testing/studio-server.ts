/** @file A studio with a small app and runs of a folder, and requests to it as they stand. For tests. */

import { mkdir, writeFile } from "node:fs/promises";
import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "../../../data/testing/temporary-folder.ts";
import type { DatasetLocation } from "../../../data/index.ts";
import { openSession } from "../../../session/index.ts";
import { DatasetFiles } from "../dataset-files.ts";
import { serveStudio } from "../server.ts";

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A script that is long enough to be compressed. */
export const SCRIPT = "export const layers = [];\n".repeat(200);

export const APP: Files = {
  "index.html": "<!doctype html><title>Studio</title>",
  "assets/main-B3fk_9aQ.js": SCRIPT,
  "assets/style.css": "body { margin: 0 }",
  "assets/engine.wasm": new Uint8Array(5),
  "assets/serif-AAAAAAAA.woff2": new Uint8Array([1, 2, 3]),
  "clip.wav": Uint8Array.from({ length: 1000 }, (_, i) => i % 256),
  "empty.txt": "",
};

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface TestStudio {
  /** The folder around those of the app and the runs. */
  readonly folder: string;
  readonly app: string;
  readonly runs: string;
  readonly address: string;
  readonly port: number;
  /** The errors that the server has told. */
  readonly errors: readonly unknown[];
  /** Sends a request whose target is left as it is. */
  ask(target: string, options?: { method?: string; headers?: OutgoingHttpHeaders }): Promise<Answer>;
}

/** Starts a studio on a free port; it ends with the test. @param locate finds data sets; default: on this machine */
export async function startStudio(
  runs: Files = {},
  app: Files = APP,
  locate?: (name: string) => Promise<DatasetLocation>,
): Promise<TestStudio> {
  const folder = await temporaryFolder();
  const places = { app: join(folder, "app"), runs: join(folder, "runs") };
  await writeFiles(places.app, app);
  await writeFiles(places.runs, runs);
  const errors: unknown[] = [];
  const server = await serveStudio({
    ...places,
    session: openSession(),
    ...(locate && { datasets: new DatasetFiles(locate) }),
    port: 0,
    onError: (error) => errors.push(error),
  });
  onTestFinished(() => server.close());
  const { address, port } = server;
  return {
    folder,
    ...places,
    address,
    port,
    errors,
    ask: (target, { method = "GET", headers = {} } = {}) =>
      ask({ host: "127.0.0.1", port, path: target, method, headers }),
  };
}

export async function writeFiles(folder: string, files: Files): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

/** Sends one request and reads the whole answer. */
export function ask(options: {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly method: string;
  readonly headers: OutgoingHttpHeaders;
}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ ...options, agent: false }, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(pieces),
        }),
      );
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** The reason that a refusal gives. */
export function reasonOf({ body }: Answer): string {
  return (JSON.parse(body.toString()) as { error: string }).error;
}
