/** @file A network of the user's own as a JavaScript module, run in a thread with a time limit. Node only. */

import { once } from "node:events";
import { basename, extname } from "node:path";
import { pathToFileURL } from "node:url";
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from "node:worker_threads";
import { AuricleError } from "../../errors.ts";
import { networkFromConfig, type Network } from "../../nn/index.ts";
import { checkBuilt, type BuildRequest, type NetworkDefinition } from "../../nn/network-file/definition.ts";
import type { BuiltNetwork, ModuleAnswer, ModuleFacts, ModuleThreadData } from "./messages.ts";

/** A module that takes longer is taken not to end: a network of a hundred million weights takes some seconds. */
const MOST_SECONDS = 60;

/** Memory for a module's own objects; weights are in arrays beside it. */
const MOST_MEGABYTES = 1024;

/** The code with which a thread ends whose module awaits what nothing is left to bring. */
const UNSETTLED = 13;

/** A thread loads JavaScript. Where this file runs as TypeScript, a test runner compiles it as it goes. */
const canStartThreads = import.meta.url.endsWith(".js");

/**
 * Loads a module whose default export is a function of `{ inputShape, classes, seed }` that returns a list of layers, a model or
 * a network. It may also export `description`, `frontEnd` and `windowSeconds`. Its output goes to stderr.
 * @param mostSeconds the time limit of loading it and of each network
 * @throws AuricleError "argument" naming the file for a module that fails or does not end, "unsupported" in the sources
 */
export async function loadNetworkModule(
  file: string,
  mostSeconds = MOST_SECONDS,
): Promise<NetworkDefinition> {
  if (!canStartThreads) {
    throw new AuricleError(
      "unsupported",
      `${file}: network modules need the built package, and this is its TypeScript source`,
    );
  }
  const thread = new ModuleThread(file, mostSeconds);
  const { description, frontEnd, windowSeconds } = await thread.facts();
  return {
    name: basename(file, extname(file)),
    ...(description !== undefined && { description }),
    ...(frontEnd && { frontEnd }),
    ...(windowSeconds !== undefined && { windowSeconds }),
    build: (request) => checkBuilt(file, thread.build(request), request),
  };
}

/** The thread of one module, asked for networks one after the other. It does not keep the process alive. */
class ModuleThread {
  private readonly worker: Worker;
  private readonly port: MessagePort;
  private readonly answered = new Int32Array(new SharedArrayBuffer(4));
  private readonly file: string;
  private readonly mostSeconds: number;
  private failure: string | undefined;

  constructor(file: string, mostSeconds: number) {
    this.file = file;
    this.mostSeconds = mostSeconds;
    const { port1, port2 } = new MessageChannel();
    const workerData: ModuleThreadData = {
      url: pathToFileURL(file).href,
      port: port2,
      answered: this.answered,
    };
    this.port = port1;
    this.worker = new Worker(new URL("./module-thread.js", import.meta.url), {
      workerData,
      transferList: [port2],
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
    });
  }

  /** Waits until the module is loaded. */
  async facts(): Promise<ModuleFacts> {
    const late = AbortSignal.timeout(this.mostSeconds * 1000);
    try {
      const [answer] = (await Promise.race([
        once(this.port, "message", { signal: late }),
        once(this.worker, "exit").then(([code]) => {
          throw new Error(
            code === UNSETTLED
              ? "its top level awaits something that never comes"
              : `its thread ended with code ${String(code)}`,
          );
        }),
      ])) as [ModuleAnswer];
      if (answer.kind === "facts") return answer;
      throw new Error(answer.kind === "problem" ? answer.problem : "it gave no facts");
    } catch (error) {
      throw this.end(
        late.aborted ? this.neverEnds() : error instanceof Error ? error.message : String(error),
      );
    } finally {
      this.worker.unref();
      this.port.unref();
    }
  }

  /** Has a network built, while the calling thread waits. */
  build(request: BuildRequest): Network {
    if (this.failure !== undefined) throw this.end(this.failure);
    Atomics.store(this.answered, 0, 0);
    this.port.postMessage(request);
    if (Atomics.wait(this.answered, 0, 0, this.mostSeconds * 1000) === "timed-out")
      throw this.end(this.neverEnds());
    const answer = receiveMessageOnPort(this.port)?.message as ModuleAnswer | undefined;
    if (answer?.kind === "network") return this.again(answer);
    const problem = answer?.kind === "problem" ? answer.problem : "it gave no network";
    throw new AuricleError("argument", `${this.file}: ${problem}`);
  }

  /** Makes the network of its description here, as a run does when it is resumed. */
  private again({ config, weights }: BuiltNetwork): Network {
    try {
      return networkFromConfig(config, weights);
    } catch (error) {
      if (!(error instanceof AuricleError)) throw error;
      throw new AuricleError(
        error.code,
        `${this.file}: a run keeps its network as a description of layers of the library: ${error.message}`,
        { cause: error },
      );
    }
  }

  private neverEnds(): string {
    // A thread that has come to the end of its memory cannot tell it while this one waits.
    return `it did not end within ${this.mostSeconds} s, or took more than ${MOST_MEGABYTES} MB`;
  }

  private end(problem: string): AuricleError {
    this.failure = problem;
    void this.worker.terminate();
    return new AuricleError("argument", `${this.file}: ${problem}`);
  }
}
