/**
 * @file The thread in which a network module runs: it may throw, print or never end. Node only.
 *
 * The module may import "auricle" although no package of that name is installed beside it: the running one is meant.
 */

import * as nodeModule from "node:module";
import { stderr, stdout } from "node:process";
import { workerData } from "node:worker_threads";
import { AuricleError } from "../../errors.ts";
import { sequentialNetwork, type SequentialPart } from "../../nn/network-builders.ts";
import { Network } from "../../nn/index.ts";
import type { BuildRequest } from "../../nn/network-file/definition.ts";
import type { ModuleAnswer, ModuleFacts, ModuleThreadData } from "./messages.ts";

/** Types of Node.js 20 lack it. */
type RegisterHooks = (hooks: {
  resolve(specifier: string, context: object, next: (specifier: string, context: object) => object): object;
}) => void;

const OWN_PACKAGE = /^auricle(\/|$)/;

const { url, port, answered } = workerData as ModuleThreadData;
// Standard output has results, which may be JSON.
stdout.write = stderr.write.bind(stderr);
const build = await load();

port.on("message", (request: BuildRequest) => {
  void answer(() => built(request)).then(() => {
    // The main thread sleeps until now.
    Atomics.store(answered, 0, 1);
    Atomics.notify(answered, 0);
  });
});

async function load(): Promise<unknown> {
  let found: unknown;
  await answer(async () => {
    resolveOwnPackage();
    const module = (await import(url)) as Record<string, unknown>;
    found = module.default;
    if (typeof found !== "function") {
      throw new AuricleError(
        "argument",
        `its default export must be a function of { inputShape, classes, seed }; got ${typeof found}`,
      );
    }
    return factsOf(module);
  });
  return found;
}

/** Sends the answer, or what went wrong. */
async function answer(ask: () => Promise<ModuleAnswer>): Promise<void> {
  let message: ModuleAnswer;
  try {
    message = await ask();
  } catch (error) {
    message = { kind: "problem", problem: problemOf(error) };
  }
  try {
    port.postMessage(message);
  } catch (error) {
    port.postMessage({ kind: "problem", problem: problemOf(error) } satisfies ModuleAnswer);
  }
}

function factsOf({ description, frontEnd, windowSeconds }: Record<string, unknown>): ModuleFacts {
  return {
    kind: "facts",
    ...(typeof description === "string" && { description }),
    ...(typeof frontEnd === "object" &&
      frontEnd !== null && { frontEnd: frontEnd as ModuleFacts["frontEnd"] }),
    ...(typeof windowSeconds === "number" && { windowSeconds }),
  };
}

async function built(request: BuildRequest): Promise<ModuleAnswer> {
  const make = build as (request: BuildRequest) => unknown;
  const network = networkOf(await make({ ...request, inputShape: [...request.inputShape] }), request);
  return { kind: "network", config: network.config, weights: network.getWeights() };
}

/** A network, a model, or a list of layers, whose first gets the input's shape. */
function networkOf(value: unknown, { inputShape, seed }: BuildRequest): Network {
  if (value instanceof Network) return value;
  if (typeof value === "object" && value !== null && "network" in value && value.network instanceof Network) {
    return value.network;
  }
  if (Array.isArray(value)) {
    const [first, ...others] = value as SequentialPart[];
    const shaped = "network" in first || first.inputShape ? first : { ...first, inputShape };
    return sequentialNetwork([shaped, ...others], { name: "network", seed });
  }
  throw new AuricleError(
    "argument",
    `its function must return a list of layers, a model or a network; got ${value === null ? "null" : typeof value}`,
  );
}

/** The error, and where in the module it was thrown. */
function problemOf(error: unknown): string {
  if (error instanceof AuricleError) return error.message;
  if (!(error instanceof Error)) return `it threw ${String(error)}`;
  const place = error.stack?.split("\n").find((line) => line.includes(url));
  const position = /:(\d+):\d+\)?$/.exec(place ?? "")?.[1];
  return `${error.name}: ${error.message}${position === undefined ? "" : ` (line ${position})`}`;
}

/** Lets `import "auricle"` and its parts mean the running package, for the module's own files. */
function resolveOwnPackage(): void {
  const ours = new URL("../../../package.json", import.meta.url).href;
  const registerHooks =
    "registerHooks" in nodeModule ? (nodeModule.registerHooks as RegisterHooks) : undefined;
  if (registerHooks) {
    registerHooks({
      resolve: (specifier, context, next) =>
        next(specifier, OWN_PACKAGE.test(specifier) ? { ...context, parentURL: ours } : context),
    });
    return;
  }
  // Before Node.js 22.15 a hook is a module of its own, in a thread of its own.
  const hook =
    `export async function resolve(specifier, context, next) { return next(specifier, ` +
    `${OWN_PACKAGE}.test(specifier) ? { ...context, parentURL: ${JSON.stringify(ours)} } : context); }`;
  nodeModule.register(`data:text/javascript,${encodeURIComponent(hook)}`);
}
