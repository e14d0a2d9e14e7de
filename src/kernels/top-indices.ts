/**
 * @file The places of the largest numbers of each row, largest first, equal ones by place.
 *
 *   for unit (row):
 *     keys = the numbers as unsigned integers of the same order
 *     for key: if it is above the last of the list: put it behind those that are not below it
 */
import { KernelBuilder } from "../machine/builder.ts";
import type { MachineTraits, VectorExpression } from "../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "./kernel.ts";
import { vectorLoop } from "./strided.ts";
import { machineKernel } from "./library.ts";
import type { TopIndicesRequest } from "./requests.ts";

/** Above the key of infinity, and one below the largest integer, so that 1 can be added to it. */
const NAN_KEY = 0xfffffffe;

/** A float's bits as an unsigned integer: -infinity is the smallest, above 0; -0 equals 0; NaN is the largest. */
function orderedKey(k: KernelBuilder, value: VectorExpression): VectorExpression {
  // Adding 0 makes -0 a 0.
  const x = k.let(k.binary("add", value, k.constant(0)));
  const flipped = k.binary("or", k.shift("shiftRightSigned", x, 31), k.intConstant(0x80000000));
  return k.select(k.binary("equal", x, x), k.binary("xor", x, flipped), k.intConstant(NAN_KEY));
}

export const TOP_INDICES = machineKernel("topIndices", topIndicesKernel);

/** Pointers: input [rows, length], output [rows, count] of int32. */
export function topIndicesKernel(request: TopIndicesRequest, machine: MachineTraits): Kernel {
  const { rows, length, count } = request;
  const k = new KernelBuilder(machine, FIRST_POINTER + 2);
  const [start, end, scratch, input, output] = k.parameters;
  const listBytes = count * FLOAT_BYTES;
  const list = k.intVariable(k.add(scratch, length * FLOAT_BYTES));
  k.loop(start, end, 1, (row) => {
    const from = k.intVariable(k.add(input, k.multiply(row, length * FLOAT_BYTES)));
    const places = k.intVariable(k.add(output, k.multiply(row, listBytes)));
    vectorLoop(k, length, ({ elements, bytes }, lanes) => {
      const offset = elements * FLOAT_BYTES;
      const at = (base: typeof from) => (bytes ? k.add(base, bytes) : base);
      k.store(at(scratch), offset, k.let(orderedKey(k, k.load(at(from), offset, lanes))), lanes);
    });
    // 0 is below every key.
    for (const words of [list, places]) {
      vectorLoop(k, count, ({ elements, bytes }, lanes) => {
        k.store(bytes ? k.add(words, bytes) : words, elements * FLOAT_BYTES, k.constant(0), lanes);
      });
    }
    k.loop(0, length, 1, (place) => {
      const key = k.intVariable(k.loadInt(k.add(scratch, k.multiply(place, FLOAT_BYTES))));
      const smallest = k.intVariable(k.loadInt(list, listBytes - FLOAT_BYTES));
      k.ifAtLeast(key, k.add(smallest, 1), () => {
        const carriedPlace = k.intVariable(place);
        // From its place on, everything moves one further, also values equal to the carried one.
        const inserted = k.intVariable(0);
        // The list has no more entries yet than keys came before this one.
        const filled = k.minimum(k.multiply(k.add(place, 1), FLOAT_BYTES), listBytes);
        k.loop(0, k.intVariable(filled), FLOAT_BYTES, (bytes) => {
          const at = k.intVariable(k.add(list, bytes));
          const present = k.intVariable(k.loadInt(at));
          k.ifAtLeast(k.add(key, inserted), k.add(present, 1), () => {
            const to = k.intVariable(k.add(places, bytes));
            const presentPlace = k.intVariable(k.loadInt(to));
            k.store(at, 0, k.splatInt(key), 1);
            k.store(to, 0, k.splatInt(carriedPlace), 1);
            k.setInt(key, present);
            k.setInt(carriedPlace, presentPlace);
            k.setInt(inserted, 1);
          });
        });
      });
    });
  });
  return { code: k.finish(), units: rows, scratchBytes: (length + count) * FLOAT_BYTES };
}
