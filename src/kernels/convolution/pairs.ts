/**
 * @file Operands as bfloat16: pairs of neighbouring channels share a 32-bit word. So a convolution of them is one of words, with
 * half as many channels, in which each multiply-add is of pairs.
 */
import { KernelBuilder } from "../../machine/builder.ts";
import type { MachineTraits, VectorExpression } from "../../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../kernel.ts";
import { interleave } from "../lanes.ts";
import type { ConvolutionGeometry } from "./geometry.ts";
import { blockLanes } from "./pack.ts";
import { TILE_VECTORS } from "./tile.ts";
import { machineKernel } from "../library.ts";
import type { FilterView } from "../requests.ts";

/** The convolution of words that computes a convolution of pairs. */
export function pairedGeometry(geometry: ConvolutionGeometry): ConvolutionGeometry {
  return { ...geometry, inputChannels: geometry.inputChannels / 2 };
}

export function pairedView(view: FilterView): FilterView {
  return { ...view, inputs: view.inputs / 2 };
}

/** Words that one unit makes: some microseconds of work. */
const UNIT_WORDS = 4096;

export const PACK_PAIRS = machineKernel("packPairs", ({ words }, machine) => packPairsKernel(words, machine));

/** Rounds 2·words consecutive floats to bfloat16. Pointers: floats, words. */
export function packPairsKernel(words: number, machine: MachineTraits): Kernel {
  const { lanes } = machine;
  const k = new KernelBuilder(machine, FIRST_POINTER + 2);
  const [start, end] = k.parameters;
  const [from, to] = k.parameters.slice(FIRST_POINTER);
  const vectorBytes = lanes * FLOAT_BYTES;
  const whole = Math.floor(words / lanes) * lanes;
  const rest = words - whole;
  const units = Math.max(1, Math.ceil(whole / UNIT_WORDS));
  const first = k.intVariable(k.multiply(start, UNIT_WORDS * FLOAT_BYTES));
  const last = k.intVariable(k.minimum(k.multiply(end, UNIT_WORDS * FLOAT_BYTES), whole * FLOAT_BYTES));
  k.loop(first, last, vectorBytes, (at) => {
    const source = k.intVariable(k.add(from, k.multiply(at, 2)));
    k.store(k.add(to, at), 0, k.binary("packPairs", k.load(source), k.load(source, vectorBytes)));
  });
  if (rest > 0) {
    const at = 2 * whole * FLOAT_BYTES;
    const [a, b] = [Math.min(2 * rest, lanes), Math.max(2 * rest - lanes, 0)];
    k.ifAtLeast(end, units, () => {
      const low = k.let(k.load(from, at, a));
      const high = k.let(b > 0 ? k.load(from, at + vectorBytes, b) : k.constant(0));
      k.store(to, whole * FLOAT_BYTES, k.let(k.binary("packPairs", low, high)), rest);
    });
  }
  return { code: k.finish(), units, scratchBytes: 0 };
}

export const PACK_FILTER_PAIRS = machineKernel("packFilterPairs", ({ words }, machine) =>
  packFilterPairsKernel(words, machine),
);

/**
 * Combines every two rows of a packed filter into one row of pairs ([…][input][lane of the block], an even number of inputs).
 * Pointers: packed floats, words.
 * @param words the number of words in the result
 */
export function packFilterPairsKernel(words: number, machine: MachineTraits): Kernel {
  const k = new KernelBuilder(machine, FIRST_POINTER + 2);
  const [start, end] = k.parameters;
  const [from, to] = k.parameters.slice(FIRST_POINTER);
  const rowBytes = blockLanes(machine) * FLOAT_BYTES;
  const vectorBytes = machine.lanes * FLOAT_BYTES;
  k.loop(start, end, 1, (unit) => {
    const source = k.intVariable(k.add(from, k.multiply(unit, 2 * rowBytes)));
    const target = k.intVariable(k.add(to, k.multiply(unit, rowBytes)));
    for (let j = 0; j < TILE_VECTORS; j++) {
      const rows: VectorExpression[] = [0, rowBytes].map((row) =>
        k.let(k.load(source, row + j * vectorBytes)),
      );
      const [low, high] = interleave(k, rows);
      k.store(target, j * vectorBytes, k.binary("packPairs", low, high));
    }
  });
  return { code: k.finish(), units: words / blockLanes(machine), scratchBytes: 0 };
}
