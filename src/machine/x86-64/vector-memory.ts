/** @file Vectors from memory and to memory, whole or in part. */
import type { IntExpression, Statement, VectorExpression } from "../ir.ts";
import { MEMORY_BASE } from "./int-expressions.ts";
import { VECTOR } from "./instructions.ts";
import { GENERAL, memory, type VectorRegister } from "./registers.ts";
import type { VectorContext } from "./vector-context.ts";

const { rax, rdx } = GENERAL;

export function emitLoad(
  context: VectorContext,
  d: VectorRegister,
  { address, offset, count }: Extract<VectorExpression, { kind: "load" }>,
): void {
  if (count === context.lanes) {
    context.emit(VECTOR.vmovups, d, 0, context.address(address, offset));
  } else if (context.width === 512) {
    const mask = context.countMask(count);
    context.emit(VECTOR.vmovups, d, 0, context.address(address, offset), { mask, zeroing: true });
  } else {
    const mask = context.take();
    context.emit(VECTOR.vmovups, mask, 0, context.firstLanes(count));
    context.emit(VECTOR.vmaskmovpsLoad, d, mask, context.address(address, offset));
    context.give(mask);
  }
}

export function emitStore(
  context: VectorContext,
  { address, offset, count }: Extract<Statement, { kind: "store" }>,
  register: VectorRegister,
): void {
  if (count === context.lanes) {
    context.emit(VECTOR.vmovupsStore, register, 0, context.address(address, offset));
  } else if (context.width === 512) {
    const mask = context.countMask(count);
    context.emit(VECTOR.vmovupsStore, register, 0, context.address(address, offset), { mask });
  } else if (count === context.lanes / 2) {
    // Stores with a mask take some processors tens of cycles.
    context.emit(VECTOR.vextractf128, register, 0, context.address(address, offset), { immediate: 0 });
  } else {
    const mask = context.take();
    context.emit(VECTOR.vmovups, mask, 0, context.firstLanes(count));
    context.emit(VECTOR.vmaskmovpsStore, register, mask, context.address(address, offset));
    context.give(mask);
  }
}

type Gather = Extract<VectorExpression, { kind: "gather" }>;

/** Lane by lane. */
export function emitGather(context: VectorContext, d: VectorRegister, gather: Gather): void {
  if (context.width === 512) gatherThroughStack(context, d, gather);
  else gatherByBlending(context, d, gather);
}

/** Each word is loaded into all lanes of a register, and one of them taken. */
function gatherByBlending(
  context: VectorContext,
  d: VectorRegister,
  { address, offset, stride, count }: Gather,
): void {
  const word = context.take();
  const from = context.ints.register(address);
  if (count < context.lanes) context.emit(VECTOR.vpxord, d, d, d);
  for (let lane = 0; lane < count; lane++) {
    const place = memory(MEMORY_BASE, offset + lane * stride, from);
    if (lane === 0 && count === context.lanes) {
      context.emit(VECTOR.vbroadcastss, d, 0, place);
      continue;
    }
    context.emit(VECTOR.vbroadcastss, word, 0, place);
    context.emit(VECTOR.vblendps, d, d, word, { immediate: 1 << lane });
  }
  context.give(word);
}

/** Word by word. The load of the whole has to wait for all of the stores. */
function gatherThroughStack(
  context: VectorContext,
  d: VectorRegister,
  { address, offset, stride, count }: Gather,
): void {
  const { assembler, frame } = context;
  const area = frame.gatherArea;
  let from = context.ints.register(address);
  if (from === rax) {
    assembler.move(rdx, rax);
    from = rdx;
  }
  if (count < context.lanes) {
    context.emit(VECTOR.vpxord, d, d, d);
    context.emit(VECTOR.vmovupsStore, d, 0, area);
  }
  for (let lane = 0; lane < count; lane++) {
    assembler.move(rax, memory(MEMORY_BASE, offset + lane * stride, from));
    assembler.store(memory(area.base, area.displacement + 4 * lane), rax);
  }
  context.emit(VECTOR.vmovups, d, 0, area);
}

/** An integer in every lane, through the stack. */
export function emitSplat(context: VectorContext, d: VectorRegister, value: IntExpression): void {
  const word = context.frame.takeWord();
  context.assembler.store(word, context.ints.register(value));
  context.emit(VECTOR.vbroadcastss, d, 0, word);
  context.frame.releaseWord(word);
}
