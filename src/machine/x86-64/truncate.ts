/** @file Floats to int32, with what the language says of those that no int32 holds. */
import { floatBits } from "./constants.ts";
import { VECTOR } from "./instructions.ts";
import type { VectorRegister } from "./registers.ts";
import { MASK, type VectorContext } from "./vector-context.ts";

export const LARGEST_INT = 0x7fffffff;

/** vcmpps' immediates, both quiet: equal, greater or equal. */
const EQUAL = 0x00;
const AT_LEAST = 0x1d;

/** The instruction gives 0x80000000 for all that no int32 holds: NaN becomes 0 before, large numbers are mended after. */
export function emitTruncate(context: VectorContext, d: VectorRegister, a: VectorRegister): void {
  const number = context.take();
  const limit = context.constant(floatBits(2 ** 31));
  if (context.width === 512) {
    context.emit(VECTOR.vcmpps, MASK, a, a, { immediate: EQUAL });
    context.emit(VECTOR.vmovups, number, 0, a, { mask: MASK, zeroing: true });
    context.emitLast(VECTOR.vcmpps, MASK, number, limit, { immediate: AT_LEAST });
    context.emit(VECTOR.vcvttps2dq, d, 0, number);
    context.emit(VECTOR.vbroadcastss, d, 0, context.constants.vector([LARGEST_INT]), { mask: MASK });
  } else {
    context.emit(VECTOR.vcmpps, number, a, a, { immediate: EQUAL });
    context.emit(VECTOR.vpandd, number, number, a);
    context.emit(VECTOR.vcvttps2dq, d, 0, number);
    context.emitLast(VECTOR.vcmpps, number, number, limit, { immediate: AT_LEAST });
    context.emit(VECTOR.vpxord, d, d, number);
  }
  context.give(number);
}
