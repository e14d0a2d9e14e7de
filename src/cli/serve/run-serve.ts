/** @file The server of `auricle serve` from start to stop: its models' names, its keys, its log, Ctrl-C. */

import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { env } from "node:process";
import { AuricleError } from "../../errors.ts";
import { fileError } from "../../io/atomic-file.ts";
import type { Precision } from "../../runtime/precision.ts";
import { chooseTarget } from "../../runtime/target.ts";
import { keysInText, startServer, type NamedModel, type ServeLimits } from "../../serve/index.ts";
import type { CommandContext } from "../context.ts";
import { ServeLog } from "./serve-log.ts";

/** The options of the command, read. */
export interface RunServeOptions {
  readonly host?: string;
  readonly port: number;
  readonly apiKeyFile?: string;
  readonly cors?: readonly string[];
  readonly maxBytes?: number;
  readonly maxSeconds?: number;
  readonly maxPixels?: number;
  readonly workers?: number;
  readonly queue?: number;
  readonly live?: number;
  readonly receiveTimeout?: number;
  readonly answerTimeout?: number;
  readonly grace?: number;
  readonly watch: boolean;
  readonly threads?: number;
  readonly precision?: Precision;
  readonly dataFolder?: string;
  readonly download: boolean;
  readonly json?: boolean;
}

/**
 * Serves models until it is interrupted, which is its usual end.
 * @throws AuricleError "file" and others for models that cannot be loaded, "argument" for names, keys and addresses that make no sense
 */
export async function runServe(
  places: readonly string[],
  options: RunServeOptions,
  context: CommandContext,
): Promise<void> {
  const { terminal } = context;
  const { host, port, cors, watch, threads, precision, dataFolder, download, json = false } = options;
  const models = namedModels(places);
  const apiKeys = apiKeysOf(options.apiKeyFile);
  const log = new ServeLog(terminal, json);
  const signal = context.interruptible();
  const server = await startServer({
    models,
    host,
    port,
    apiKeys,
    origins: cors,
    limits: limitsOf(options),
    watchSeconds: watch ? undefined : 0,
    // As predictions in the command's own thread choose it, so that the bits are theirs.
    target: chooseTarget(),
    threads,
    precision,
    dataFolder,
    download,
    onAnswered: (request) => log.answered(request),
    onModel: (event) => log.model(event),
    onFault: (error, requestId) => log.fault(error, requestId),
  });
  log.started(server.address, models);
  if (!server.isLoopback && apiKeys.length === 0) {
    log.warning(
      "other machines can reach it, and it needs no key: set AURICLE_API_KEY, or name a file by --api-key-file",
    );
  }
  await interrupted(signal);
  log.stopping();
  const inTime = await server.stop();
  if (!inTime) {
    log.warning("requests were broken off: --grace gives them more time");
    context.setExitCode(1);
  }
}

/** "name=place", or the name of the folder or file. @throws AuricleError "argument" for names that two have, or that are none */
export function namedModels(words: readonly string[]): NamedModel[] {
  const models = words.map((word) => {
    const [, name, place] = /^([\w.-]+)=(.+)$/.exec(word) ?? [];
    return name === undefined ? { name: nameOf(word), place: word } : { name, place };
  });
  for (const [i, { name, place }] of models.entries()) {
    const other = models.slice(0, i).find((one) => one.name === name);
    if (other) {
      throw new AuricleError(
        "argument",
        `serve: ${other.place} and ${place} are both named "${name}": give one another name, as in other=${place}`,
      );
    }
  }
  return models;
}

function nameOf(place: string): string {
  return basename(resolve(place))
    .replace(/\.safetensors$/i, "")
    .replace(/[^\w.-]+/g, "-");
}

function apiKeysOf(file: string | undefined): string[] {
  const fromEnvironment = env.AURICLE_API_KEY ? [env.AURICLE_API_KEY] : [];
  if (file === undefined) return fromEnvironment;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw fileError("read", file, cause);
  }
  const keys = keysInText(text);
  if (keys.length === 0) throw new AuricleError("argument", `serve: ${file} has no key: write one a line`);
  return [...keys, ...fromEnvironment];
}

function limitsOf(options: RunServeOptions): Partial<ServeLimits> {
  const given = {
    bytes: options.maxBytes,
    seconds: options.maxSeconds,
    pixels: options.maxPixels,
    workers: options.workers,
    queue: options.queue,
    live: options.live,
    receiveSeconds: options.receiveTimeout,
    answerSeconds: options.answerTimeout,
    graceSeconds: options.grace,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener("abort", () => done(), { once: true });
  });
}
