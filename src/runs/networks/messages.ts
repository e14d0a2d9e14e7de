/** @file The messages between the main thread and the thread of a network module. Node only. */

import type { MessagePort } from "node:worker_threads";
import type { FrontEndOptions } from "../../audio/front-end/config.ts";
import type { NetworkConfig } from "../../nn/network-plan.ts";
import type { FloatArray } from "../../tensor/array.ts";

/** The start of the thread. */
export interface ModuleThreadData {
  /** The module's URL. */
  readonly url: string;
  /** Takes requests and sends answers. */
  readonly port: MessagePort;
  /** One word, 1 when a network or a problem was sent in answer to a request. */
  readonly answered: Int32Array;
}

/** The module was read. */
export interface ModuleFacts {
  readonly kind: "facts";
  readonly description?: string;
  readonly frontEnd?: FrontEndOptions;
  readonly windowSeconds?: number;
}

/** A network as its parts, which can be sent between threads. */
export interface BuiltNetwork {
  readonly kind: "network";
  readonly config: NetworkConfig;
  readonly weights: ReadonlyMap<string, FloatArray>;
}

/** The module or its function failed. */
export interface ModuleProblem {
  readonly kind: "problem";
  readonly problem: string;
}

export type ModuleAnswer = ModuleFacts | BuiltNetwork | ModuleProblem;
