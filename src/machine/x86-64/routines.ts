/** @file Two small functions that are no kernels: one that calls kernels, and one that asks what the processor can do. */
import { Assembler } from "./assembler.ts";
import { CONVENTIONS, type CallingConvention } from "./calling-convention.ts";
import { GENERAL, memory } from "./registers.ts";

const { rax, rcx, rbx, r8, r9 } = GENERAL;

const NO_CONSTANTS = new Uint8Array();

/** (kernel, memory, parameters): calls the kernel. So that a caller needs one function only, whatever the kernel. */
export function emitKernelCall(convention: CallingConvention): Uint8Array {
  const [kernel, first, second] = CONVENTIONS[convention].arguments;
  const assembler = new Assembler();
  assembler.move64(rax, kernel);
  assembler.move64(kernel, first);
  assembler.move64(first, second);
  assembler.jumpTo(rax);
  return assembler.finish(NO_CONSTANTS);
}

/** CPUID's leaf 1, ECX: whether the system saves wide registers, and asks to be told so. */
const SAVES_STATE = 1 << 27;

/**
 * (words): writes four int32, CPUID's leaf 1 ECX and leaf 7 EBX, XCR0, which tells the registers that the system
 * saves (Intel SDM vol. 1, 14.3; vol. 2, CPUID), and the EAX of leaf 7's second part. What there is not is 0.
 */
export function emitCpuFeatures(convention: CallingConvention): Uint8Array {
  const assembler = new Assembler();
  const [words] = CONVENTIONS[convention].arguments;
  const word = (index: number) => memory(r8, 4 * index);
  assembler.push(rbx);
  assembler.move64(r8, words);
  assembler.moveImmediate(rax, 0);
  for (const index of [0, 1, 2, 3]) assembler.store(word(index), rax);
  assembler.cpuid();
  assembler.move(r9, rax);
  assembler.moveImmediate(rax, 1);
  assembler.cpuid();
  assembler.store(word(0), rcx);
  const [noMore, end] = [assembler.label(), assembler.label()];
  assembler.arithmeticImmediate("cmp", r9, 7);
  assembler.jumpIf("below", noMore);
  assembler.moveImmediate(rax, 7);
  assembler.moveImmediate(rcx, 0);
  assembler.cpuid();
  assembler.store(word(1), rbx);
  assembler.move(r9, rax);
  assembler.arithmeticImmediate("cmp", r9, 1);
  assembler.jumpIf("below", noMore);
  assembler.moveImmediate(rax, 7);
  assembler.moveImmediate(rcx, 1);
  assembler.cpuid();
  assembler.store(word(3), rax);
  assembler.place(noMore);
  assembler.move(rax, word(0));
  assembler.arithmeticImmediate("and", rax, SAVES_STATE);
  assembler.arithmeticImmediate("cmp", rax, 0);
  assembler.jumpIf("equal", end);
  assembler.moveImmediate(rcx, 0);
  assembler.xgetbv();
  assembler.store(word(2), rax);
  assembler.place(end);
  assembler.pop(rbx);
  assembler.return();
  return assembler.finish(NO_CONSTANTS);
}
