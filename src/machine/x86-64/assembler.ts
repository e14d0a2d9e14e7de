/**
 * @file An assembler for x86-64: general instructions on 32 and 64 bits, and vector instructions in their VEX and EVEX
 * forms (Intel SDM vol. 2, 2.1 to 2.7). It knows nothing of kernels.
 */
import type { VectorInstruction } from "./instructions.ts";
import { GENERAL, memory, type GeneralRegister, type Operand, type VectorRegister } from "./registers.ts";

/** A place in the code that jumps go to; made by {@link Assembler.label}. */
export interface Label {
  /** undefined until it is placed. */
  position: number | undefined;
}

/** Arithmetic with two operands: the opcode for register ← register, and the field that stands for it with an immediate. */
const ARITHMETIC = {
  add: { opcode: 0x03, field: 0 },
  or: { opcode: 0x0b, field: 1 },
  and: { opcode: 0x23, field: 4 },
  sub: { opcode: 0x2b, field: 5 },
  xor: { opcode: 0x33, field: 6 },
  cmp: { opcode: 0x3b, field: 7 },
} as const;

/** Conditions of jumps and conditional moves after a comparison of unsigned numbers, or of any for equality. */
const CONDITION = { below: 0x2, aboveOrEqual: 0x3, equal: 0x4, notEqual: 0x5, above: 0x7 };

export type Condition = keyof typeof CONDITION;

/** How wide a vector instruction works: 256 bits in VEX, 512 in EVEX. */
export type VectorWidth = 256 | 512;

export interface VectorOptions {
  readonly immediate?: number;
  /** EVEX: the number of the mask register, 1 … 7; lanes it leaves out stay as they are. */
  readonly mask?: number;
  /** EVEX: lanes that the mask leaves out become zero. */
  readonly zeroing?: boolean;
  /** EVEX: the memory operand is one number for all lanes. */
  readonly broadcast?: boolean;
}

const NO_OPTIONS: VectorOptions = {};

/** In bytes. */
const LONGEST_INSTRUCTION = 15;
/** The alignment of code, constants and loops. */
const ALIGNMENT = 64;
const NOP = 0x90;
const INT3 = 0xcc;

export class Assembler {
  private bytes = new Uint8Array(1024);
  private length = 0;
  private readonly jumps: { readonly at: number; readonly label: Label }[] = [];
  private readonly constantUses: { readonly at: number; readonly end: number; readonly offset: number }[] =
    [];

  /** Bytes so far. */
  get position(): number {
    return this.length;
  }

  label(): Label {
    return { position: undefined };
  }

  place(label: Label): void {
    label.position = this.length;
  }

  move(to: GeneralRegister, from: GeneralRegister | Operand): void {
    this.general(0x8b, to, from);
  }

  /** All 64 bits. */
  move64(to: GeneralRegister, from: GeneralRegister | Operand): void {
    this.general(0x8b, to, from, 1);
  }

  moveImmediate(to: GeneralRegister, value: number): void {
    if (to >= 8) this.byte(0x41);
    this.byte(0xb8 | (to & 7));
    this.word(value);
  }

  store(to: Operand, from: GeneralRegister): void {
    this.general(0x89, from, to);
  }

  store64(to: Operand, from: GeneralRegister): void {
    this.general(0x89, from, to, 1);
  }

  arithmetic(name: keyof typeof ARITHMETIC, to: GeneralRegister, from: GeneralRegister | Operand): void {
    this.general(ARITHMETIC[name].opcode, to, from);
  }

  arithmeticImmediate(name: keyof typeof ARITHMETIC, to: GeneralRegister | Operand, value: number): void {
    const isShort = value >= -128 && value < 128;
    this.general(isShort ? 0x83 : 0x81, ARITHMETIC[name].field, to, 0, isShort ? 1 : 4);
    if (isShort) this.byte(value);
    else this.word(value);
  }

  /** The address itself, in 64 bits. */
  loadAddress(to: GeneralRegister, place: Operand): void {
    this.general(0x8d, to, place, 1);
  }

  /** to = a + b, in 32 bits. */
  sum(to: GeneralRegister, a: GeneralRegister, b: GeneralRegister): void {
    this.general(0x8d, to, memory(a, 0, b));
  }

  /** Rounds the stack pointer down to a multiple of 64. */
  alignStackPointer(): void {
    this.general(0x83, ARITHMETIC.and.field, GENERAL.rsp, 1);
    this.byte(-64);
  }

  multiply(to: GeneralRegister, from: GeneralRegister | Operand): void {
    this.general(0x0faf, to, from);
  }

  multiplyImmediate(to: GeneralRegister, from: GeneralRegister | Operand, value: number): void {
    this.general(0x69, to, from, 0, 4);
    this.word(value);
  }

  /** edx:eax by an unsigned number: the quotient in eax, the remainder in edx. */
  divide(by: GeneralRegister | Operand): void {
    this.general(0xf7, 6, by);
  }

  shiftLeft(register: GeneralRegister, bits: number): void {
    this.general(0xc1, 4, register);
    this.byte(bits);
  }

  shiftRight(register: GeneralRegister, bits: number): void {
    this.general(0xc1, 5, register);
    this.byte(bits);
  }

  conditionalMove(condition: Condition, to: GeneralRegister, from: GeneralRegister | Operand): void {
    this.general(0x0f40 | CONDITION[condition], to, from);
  }

  push(register: GeneralRegister): void {
    if (register >= 8) this.byte(0x41);
    this.byte(0x50 | (register & 7));
  }

  pop(register: GeneralRegister): void {
    if (register >= 8) this.byte(0x41);
    this.byte(0x58 | (register & 7));
  }

  jump(label: Label): void {
    this.byte(0xe9);
    this.jumpOffset(label);
  }

  jumpIf(condition: Condition, label: Label): void {
    this.byte(0x0f);
    this.byte(0x80 | CONDITION[condition]);
    this.jumpOffset(label);
  }

  return(): void {
    this.byte(0xc3);
  }

  /** Goes on at the address in a register. */
  jumpTo(register: GeneralRegister): void {
    this.general(0xff, 4, register);
  }

  /** In 64 bits. */
  addImmediate64(to: GeneralRegister, value: number): void {
    this.general(0x81, ARITHMETIC.add.field, to, 1);
    this.word(value);
  }

  /** Asks the processor for its features: eax and ecx choose the question, eax, ebx, ecx and edx hold the answer. */
  cpuid(): void {
    this.byte(0x0f);
    this.byte(0xa2);
  }

  /** Which registers the system saves: that of number ecx to edx:eax. */
  xgetbv(): void {
    for (const byte of [0x0f, 0x01, 0xd0]) this.byte(byte);
  }

  /** Ends the use of wide registers, before code that uses SSE. */
  vzeroupper(): void {
    for (const byte of [0xc5, 0xf8, 0x77]) this.byte(byte);
  }

  /** mask ← the low 16 bits of a general register. */
  kmovw(mask: number, from: GeneralRegister): void {
    for (const byte of from >= 8 ? [0xc4, 0xc1, 0x78, 0x92] : [0xc5, 0xf8, 0x92]) this.byte(byte);
    this.byte(0xc0 | (mask << 3) | (from & 7));
  }

  /**
   * A vector instruction with up to three operands.
   * @param d the register field: mostly the destination; the source of a store; the number of a shift
   * @param a the additional register of three-operand forms; 0 where there is none
   * @param b the last operand
   */
  vector(
    instruction: VectorInstruction,
    width: VectorWidth,
    d: VectorRegister,
    a: VectorRegister,
    b: VectorRegister | Operand,
    options: VectorOptions = NO_OPTIONS,
  ): void {
    const { immediate } = options;
    this.reserve();
    if (width === 512) this.evex(instruction, d, a, b, options);
    else this.vex(instruction, d, a, b);
    this.bytes[this.length++] = instruction.opcode;
    const scale = width === 256 ? 1 : memoryBytes(instruction, options.broadcast === true);
    this.operand(d, b, immediate === undefined ? 0 : 1, scale);
    if (immediate !== undefined) this.bytes[this.length++] = immediate;
  }

  /**
   * The code with its constants behind it, aligned to 64 bytes.
   * @param entry code to stand before it, which has neither jumps nor constants
   */
  finish(constants: Uint8Array, entry?: Assembler): Uint8Array {
    const entryBytes = entry ? aligned(entry.length) : 0;
    const start = aligned(entryBytes + this.length);
    const code = new Uint8Array(start + constants.length);
    if (entry) {
      code.fill(NOP, entry.length, entryBytes);
      code.set(entry.bytes.subarray(0, entry.length));
    }
    // Whatever runs into the gap stops there.
    code.fill(INT3, entryBytes + this.length, start);
    code.set(this.bytes.subarray(0, this.length), entryBytes);
    code.set(constants, start);
    this.resolve(new DataView(code.buffer, entryBytes), start - entryBytes);
    return code;
  }
  /** Writes the distances of jumps, and to constants that begin at a position. */
  private resolve(code: DataView, constants: number): void {
    for (const { at, label } of this.jumps) {
      if (label.position === undefined) throw new RangeError("a jump's label was not placed");
      code.setInt32(at, label.position - (at + 4), true);
    }
    for (const { at, end, offset } of this.constantUses) code.setInt32(at, constants + offset - end, true);
  }

  /** [REX] opcode ModRM …, the opcode of one byte or of two beginning with 0F. */
  private general(
    opcode: number,
    field: number,
    operand: GeneralRegister | Operand,
    w: 0 | 1 = 0,
    immediateBytes = 0,
  ): void {
    const x = indexExtension(operand);
    const rex = 0x40 | (w << 3) | ((field >> 3) << 2) | (x << 1) | baseExtension(operand);
    if (rex !== 0x40) this.byte(rex);
    if (opcode > 0xff) this.byte(opcode >> 8);
    this.byte(opcode & 0xff);
    this.operand(field, operand, immediateBytes, 1);
  }

  /** The form of two bytes where it can express the operands, else that of three. */
  private vex(i: VectorInstruction, d: number, a: number, b: VectorRegister | Operand): void {
    const { bytes } = this;
    const low = baseExtension(b);
    const x = indexExtension(b);
    const last = ((~a & 15) << 3) | 4 | i.prefix;
    if (i.map === 1 && x === 0 && low === 0) {
      bytes[this.length++] = 0xc5;
      bytes[this.length++] = ((~d & 8) << 4) | last;
      return;
    }
    bytes[this.length++] = 0xc4;
    bytes[this.length++] = ((~d & 8) << 4) | ((1 - x) << 6) | ((1 - low) << 5) | i.map;
    bytes[this.length++] = last;
  }

  private evex(
    i: VectorInstruction,
    d: number,
    a: number,
    b: VectorRegister | Operand,
    options: VectorOptions,
  ): void {
    const { bytes } = this;
    // A register's fifth bit is in X, where a memory operand has its index.
    const x = typeof b === "number" ? (b >> 4) & 1 : indexExtension(b);
    const second = ((~d & 8) << 4) | ((1 - x) << 6) | ((1 - baseExtension(b)) << 5);
    const zeroing = options.zeroing ? 1 << 7 : 0;
    const broadcast = options.broadcast ? 1 << 4 : 0;
    bytes[this.length++] = 0x62;
    bytes[this.length++] = second | (((~d >> 4) & 1) << 4) | i.map;
    bytes[this.length++] = (i.w << 7) | ((~a & 15) << 3) | 4 | i.prefix;
    bytes[this.length++] = zeroing | (2 << 5) | broadcast | (((~a >> 4) & 1) << 3) | (options.mask ?? 0);
  }

  /**
   * Emits ModRM, SIB and displacement.
   * @param scale the scale of 8-bit displacements
   */
  private operand(
    field: number,
    operand: GeneralRegister | VectorRegister | Operand,
    immediateBytes: number,
    scale: number,
  ): void {
    const reg = (field & 7) << 3;
    if (typeof operand === "number") {
      this.byte(0xc0 | reg | (operand & 7));
      return;
    }
    if (operand.kind === "constant") {
      this.byte(reg | 5);
      const at = this.length;
      this.word(0);
      this.constantUses.push({ at, end: at + 4 + immediateBytes, offset: operand.offset });
      return;
    }
    const { base, index, displacement } = operand;
    const needsSib = index !== undefined || (base & 7) === GENERAL.rsp;
    const short = displacement / scale;
    const isShort = Number.isInteger(short) && short >= -128 && short < 128;
    // Without a displacement, rbp and r13 as base mean something else.
    const mode = displacement === 0 && (base & 7) !== GENERAL.rbp ? 0 : isShort ? 1 : 2;
    this.byte((mode << 6) | reg | (needsSib ? 4 : base & 7));
    if (needsSib) this.byte((((index ?? GENERAL.rsp) & 7) << 3) | (base & 7));
    if (mode === 1) this.byte(short);
    else if (mode === 2) this.word(displacement);
  }

  private jumpOffset(label: Label): void {
    this.jumps.push({ at: this.length, label });
    this.word(0);
  }

  private byte(value: number): void {
    if (this.length === this.bytes.length) this.reserve();
    this.bytes[this.length++] = value;
  }

  private word(value: number): void {
    this.reserve();
    const { bytes, length } = this;
    bytes[length] = value;
    bytes[length + 1] = value >> 8;
    bytes[length + 2] = value >> 16;
    bytes[length + 3] = value >> 24;
    this.length = length + 4;
  }

  /** Makes room for one more instruction at least. */
  private reserve(): void {
    if (this.length + LONGEST_INSTRUCTION <= this.bytes.length) return;
    const larger = new Uint8Array(2 * this.bytes.length);
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** The size of a memory operand with 512-bit vectors. */
function memoryBytes({ memory, w }: VectorInstruction, isBroadcast: boolean): number {
  if (memory === "scalar" || isBroadcast) return 4 << w;
  return memory === "half" ? 32 : 64;
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

/** The fourth bit of a register's number, or of the number of a memory operand's base. */
function baseExtension(operand: number | Operand): number {
  if (typeof operand === "number") return (operand >> 3) & 1;
  return operand.kind === "constant" ? 0 : operand.base >> 3;
}

/** The fourth bit of the number of a memory operand's index. */
function indexExtension(operand: number | Operand): number {
  if (typeof operand === "number" || operand.kind === "constant") return 0;
  return operand.index === undefined ? 0 : operand.index >> 3;
}
