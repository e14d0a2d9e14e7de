/** @file Runs the programs of a plan: memory with all constants and weights in it, and threads that call kernels. Browser-safe. */
import { AuricleError } from "../errors.ts";
import { forSharedMemory } from "../machine/shared-memory.ts";
import { threadPool, type LoadedProgram } from "../runtime/pool.ts";
import type { ProgramCode } from "../runtime/thread.js";
import type { Plan, PlanBytes, PlanProgram } from "./plan.ts";
import { restore, storedBytes } from "./stored-numbers.ts";

const PAGE_BYTES = 65_536;

/** A program that is ready to run. */
export interface LoadedPlan {
  /** The memory of its input, as long as the machine lives. */
  readonly input: Float32Array;
  readonly output: Float32Array;
  run(): void;
}

export class Machine {
  private readonly binary: Uint8Array;
  readonly memory: WebAssembly.Memory;
  private readonly threads: number;
  private readonly threadAddress: number;
  private readonly threadBytes: number;

  /**
   * @param binary the content of the plan's binary file
   * @param threads with more than one, memory must be shareable and this thread able to wait
   * @throws AuricleError "unsupported" where the system gives no such memory
   */
  constructor({ memory, data }: Pick<Plan, "memory" | "data">, binary: Uint8Array, threads: number) {
    this.binary = binary;
    this.threads = threads;
    this.threadAddress = memory.bytes;
    this.threadBytes = memory.threadBytes;
    const bytes = memory.bytes + memory.threadBytes * threads;
    this.memory = makeMemory(Math.ceil(bytes / PAGE_BYTES), threads > 1);
    for (const { to, at, ...stored } of data) {
      const [address, words] = to;
      const kept = this.bytesAt([at, storedBytes(words, stored)]);
      this.floats(address, words).set(restore(kept, words, stored));
    }
  }

  /** Loads a program and runs the part of it that depends on weights alone. */
  load({ module, input, output, preparation, steps }: PlanProgram): LoadedPlan {
    const bytes = this.bytesAt(module);
    const code = { kind: "wasm", module: this.threads > 1 ? forSharedMemory(bytes) : bytes } as const;
    if (preparation.length > 0) this.loadSteps(code, preparation).run();
    const program = this.loadSteps(code, steps);
    return {
      input: this.floats(...input),
      output: this.floats(...output),
      run: () => program.run(),
    };
  }

  private loadSteps(code: ProgramCode, steps: PlanProgram["steps"]): LoadedProgram {
    const image = {
      code,
      steps: steps.map(([kernel, units, leastUnits, ...pointers]) => ({
        kernel,
        units,
        leastUnits,
        pointers,
      })),
      scratchAddress: this.threadAddress,
      scratchBytes: this.threadBytes,
    };
    // Nothing is profiled here, so no step needs a name.
    const description = { target: "wasm", calls: [] } as const;
    return threadPool(this.threads).load(image, this, description, () => undefined);
  }

  private bytesAt([offset, bytes]: PlanBytes): Uint8Array {
    return this.binary.subarray(offset, offset + bytes);
  }

  private floats(address: number, words: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, words);
  }
}

function makeMemory(pages: number, shared: boolean): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch (cause) {
    const megabytes = Math.ceil((pages * PAGE_BYTES) / 1e6);
    throw new AuricleError(
      "unsupported",
      `the model needs ${megabytes} MB of memory, which this browser does not give: close other pages and try again`,
      { cause },
    );
  }
}
