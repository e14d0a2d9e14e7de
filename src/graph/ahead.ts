/**
 * @file Programs that are compiled ahead of time: for plain WebAssembly, over one memory whose layout is settled, to be written to a
 * file and run where no compiler is.
 */
import { emitWasmModule, WASM_TRAITS } from "../machine/wasm.ts";
import { memoryLimits } from "../runtime/arena.ts";
import type { Step } from "../runtime/thread.js";
import type { Buffer } from "./buffer.ts";
import type { Graph } from "./graph.ts";
import { generate, mostScratchOf, stepsOf, type PlacedKernel } from "./kernel-steps.ts";
import { lowerGraph } from "./lower.ts";
import { ALIGNMENT, align } from "./memory-plan.ts";
import { placeBuffers } from "./placement.ts";
import { planProgram, type ProgramPlan } from "./program-plan.ts";
import type { Slab } from "./slab.ts";

/** A stretch of 32-bit words in memory. */
export interface Stretch {
  readonly address: number;
  readonly words: number;
}

export interface AheadProgram {
  /** Imports `env.memory`, which is not shared, and exports the kernels as "k0", "k1", … */
  readonly module: Uint8Array<ArrayBuffer>;
  /** Run once, when constants and slabs are in memory. */
  readonly preparation: readonly Step[];
  readonly steps: readonly Step[];
  readonly inputs: readonly Stretch[];
  readonly outputs: readonly Stretch[];
}

export interface AheadPrograms {
  /** In the order of the graphs. */
  readonly programs: readonly AheadProgram[];
  /** Bytes of memory, all but the threads' own scratch memory, which follows them. */
  readonly bytes: number;
  /** Bytes of each thread's own scratch memory. */
  readonly threadBytes: number;
  /** The contents of memory before the first run; all else is zero. */
  readonly constants: readonly (Stretch & { readonly data: Float32Array | Int32Array })[];
  /** The slabs that the programs read, such as a network's weights. */
  readonly slabs: readonly (Stretch & { readonly slab: Slab })[];
}

/** The fewest bytes that a kernel may read behind the last buffer. */
const SLACK_BYTES = 1024;

/** Compiles graphs that share slabs, a memory, and its scratch stretch: they run one after the other. */
export function compileAhead(graphs: readonly Graph[]): AheadPrograms {
  const compiled = graphs.map(compileOne);
  const scratchBytes = Math.max(0, ...compiled.map(({ plan }) => plan.scratch.bytes));
  const layout = new Layout(align(scratchBytes));
  const programs = compiled.map(({ kernels, module, plan }): AheadProgram => {
    const placement = placeBuffers(plan, layout, 0);
    layout.keepConstants(placement.addresses);
    const stretchOf = (buffer: Buffer) => ({
      address: placement.addresses.get(buffer) ?? 0,
      words: buffer.words,
    });
    return {
      module,
      preparation: stepsOf(plan.preparation, kernels, placement),
      steps: stepsOf(plan.calls, kernels, placement),
      inputs: plan.inputs.map(stretchOf),
      outputs: plan.outputs.map(stretchOf),
    };
  });
  const threadBytes = Math.max(0, ...compiled.map(({ kernels }) => align(mostScratchOf(kernels))));
  const { constants, slabs } = layout;
  return {
    programs,
    bytes: layout.end + align(SLACK_BYTES),
    threadBytes,
    constants,
    slabs: [...slabs].map(([slab, address]) => ({ slab, address, words: slab.length })),
  };
}

interface Compiled {
  readonly kernels: ReadonlyMap<string, PlacedKernel>;
  readonly module: Uint8Array<ArrayBuffer>;
  readonly plan: ProgramPlan;
}

function compileOne(graph: Graph): Compiled {
  const plan = planProgram(lowerGraph(graph, WASM_TRAITS));
  const kernels = new Map<string, PlacedKernel>();
  const codes = generate(plan.requests, WASM_TRAITS, kernels);
  // A maximum is declared, so that one bit of the module makes its memory shared.
  const limits = { ...memoryLimits(true), shared: false };
  const module = emitWasmModule(codes, limits);
  return { kernels, module, plan };
}

/** Gives out addresses: first the scratch stretch, then what stays. */
class Layout {
  end: number;
  readonly constants: AheadPrograms["constants"][number][] = [];
  readonly slabs = new Map<Slab, number>();

  constructor(scratchBytes: number) {
    this.end = ALIGNMENT + scratchBytes;
  }

  allocate(bytes: number): number {
    const address = this.end;
    this.end += align(bytes);
    return address;
  }

  scratchOf(): number {
    return ALIGNMENT;
  }

  addressOf(slab: Slab): number {
    let address = this.slabs.get(slab);
    if (address === undefined) {
      address = this.allocate(slab.length * Float32Array.BYTES_PER_ELEMENT);
      this.slabs.set(slab, address);
    }
    return address;
  }

  keepConstants(addresses: ReadonlyMap<Buffer, number>): void {
    for (const [{ home, words }, address] of addresses) {
      if (home.kind === "own" && home.initial) this.constants.push({ address, words, data: home.initial });
    }
  }
}
