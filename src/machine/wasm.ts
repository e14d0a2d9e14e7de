/**
 * @file WebAssembly as a target of the vector machine: vectors are v128, variables are locals, expression
 * trees come out in stack order. One module holds every kernel of a program.
 */
import type { IntExpression, KernelCode, MachineTraits, Statement, VectorExpression } from "./ir.ts";
import { ByteWriter, OPCODE, SIMD, TYPE } from "./wasm-encoding.ts";
import { BINARY_OPCODE, INT_OPCODE, SHIFT_OPCODE, UNARY_OPCODE, noBfloat16 } from "./wasm-operators.ts";

/** V8 keeps 15 of the 16 SSE registers for values; without a fused multiply-add one holds the product. */
export const WASM_TRAITS: MachineTraits = { lanes: 4, vectorRegisters: 15, fusedMultiplyAdd: false };
export const WASM_RELAXED_TRAITS: MachineTraits = { lanes: 4, vectorRegisters: 15, fusedMultiplyAdd: true };

export interface MemoryLimits {
  readonly initialPages: number;
  /** Shared memory must have a maximum; undefined: the memory has none. */
  readonly maximumPages: number | undefined;
  readonly shared: boolean;
}

/** Emits a module that imports `env.memory` and exports the kernels as "k0", "k1", … */
export function emitWasmModule(kernels: Iterable<KernelCode>, memory: MemoryLimits): Uint8Array<ArrayBuffer> {
  const module = new ByteWriter();
  for (const byte of [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]) module.byte(byte);

  const bodies: ByteWriter[] = [];
  const parameters: number[] = [];
  for (const kernel of kernels) {
    bodies.push(new FunctionEmitter(kernel).emit());
    parameters.push(kernel.parameterCount);
  }
  const parameterCounts = [...new Set(parameters)];
  const types = new ByteWriter().unsigned(parameterCounts.length);
  for (const count of parameterCounts) {
    types.byte(TYPE.function).unsigned(count);
    for (let i = 0; i < count; i++) types.byte(TYPE.i32);
    types.unsigned(0);
  }
  const imports = new ByteWriter().unsigned(1).name("env").name("memory").byte(2);
  const { initialPages, maximumPages, shared } = memory;
  // Bit 0: there is a maximum; bit 1: it is shared.
  imports.byte((shared ? 2 : 0) + (maximumPages === undefined ? 0 : 1)).unsigned(initialPages);
  if (maximumPages !== undefined) imports.unsigned(maximumPages);
  const functions = new ByteWriter().unsigned(bodies.length);
  const exports = new ByteWriter().unsigned(bodies.length);
  const code = new ByteWriter().unsigned(bodies.length);
  bodies.forEach((body, index) => {
    functions.unsigned(parameterCounts.indexOf(parameters[index]));
    exports.name(`k${index}`).byte(0).unsigned(index);
    code.unsigned(body.length).append(body);
  });
  const sections: [number, ByteWriter][] = [
    [1, types],
    [2, imports],
    [3, functions],
    [7, exports],
    [10, code],
  ];
  for (const [id, content] of sections) module.byte(id).unsigned(content.length).append(content);
  return module.finish();
}

/** Log2 of the alignment promised to the engine: a float's, since rows start at any multiple of 4 bytes. */
const ALIGN_FLOAT = 2;

/** v128 locals that the target needs for itself: those of a transposition. */
const OWN_VECTORS = 4;

class FunctionEmitter {
  private readonly out = new ByteWriter();
  private readonly kernel: KernelCode;
  private readonly vectorBase: number;
  /** Locals for integer min and max come after the vectors, so that their number may grow while emitting. */
  private readonly scratchBase: number;
  private scratchCount = 0;

  constructor(kernel: KernelCode) {
    this.kernel = kernel;
    this.vectorBase = kernel.intVariableCount;
    this.scratchBase = this.vectorBase + kernel.vectorVariableCount + OWN_VECTORS;
  }

  emit(): ByteWriter {
    this.statements(this.kernel.statements);
    this.out.byte(OPCODE.end);
    const { parameterCount, intVariableCount, vectorVariableCount } = this.kernel;
    const body = new ByteWriter().unsigned(3);
    body.unsigned(intVariableCount - parameterCount).byte(TYPE.i32);
    body.unsigned(vectorVariableCount + OWN_VECTORS).byte(TYPE.v128);
    body.unsigned(this.scratchCount).byte(TYPE.i32);
    return body.append(this.out);
  }

  private statements(list: readonly Statement[]): void {
    for (const statement of list) this.statement(statement);
  }

  private statement(statement: Statement): void {
    switch (statement.kind) {
      case "setInt":
        this.int(statement.value);
        this.out.byte(OPCODE.local_set).unsigned(statement.variable.id);
        return;
      case "setVector":
        this.vector(statement.value);
        this.out.byte(OPCODE.local_set).unsigned(this.vectorBase + statement.variable.id);
        return;
      case "store":
        this.store(statement);
        return;
      case "transpose":
        this.transpose(statement.variables.map(({ id }) => this.vectorBase + id));
        return;
      case "loop":
        this.loop(statement);
        return;
      case "unrolledLoop":
        this.unrolledLoop(statement);
        return;
      case "ifAtLeast":
        this.int(statement.a);
        this.int(statement.b);
        this.out.byte(OPCODE.i32_ge_u).byte(OPCODE.if).byte(TYPE.empty);
        this.statements(statement.body);
        this.out.byte(OPCODE.end);
        return;
    }
  }

  private loop(loop: Extract<Statement, { kind: "loop" }>): void {
    const { out } = this;
    this.int(loop.from);
    out.byte(OPCODE.local_set).unsigned(loop.counter.id);
    if (!loop.atLeastOnce) {
      out.byte(OPCODE.block).byte(TYPE.empty);
      out.byte(OPCODE.local_get).unsigned(loop.counter.id);
      this.int(loop.to);
      out.byte(OPCODE.i32_ge_u).byte(OPCODE.br_if).unsigned(0);
    }
    out.byte(OPCODE.loop).byte(TYPE.empty);
    this.statements(loop.body);
    out.byte(OPCODE.local_get).unsigned(loop.counter.id);
    out.byte(OPCODE.i32_const).signed(loop.step);
    out.byte(OPCODE.i32_add).byte(OPCODE.local_tee).unsigned(loop.counter.id);
    this.int(loop.to);
    out.byte(OPCODE.i32_lt_u).byte(OPCODE.br_if).unsigned(0);
    out.byte(OPCODE.end);
    if (!loop.atLeastOnce) out.byte(OPCODE.end);
  }

  private unrolledLoop(loop: Extract<Statement, { kind: "unrolledLoop" }>): void {
    const { out } = this;
    out.byte(OPCODE.block).byte(TYPE.empty).byte(OPCODE.loop).byte(TYPE.empty);
    loop.bodies.forEach((body, copy) => {
      this.statements(body);
      const isLast = copy === loop.bodies.length - 1;
      out.byte(OPCODE.local_get).unsigned(loop.counter.id);
      out.byte(OPCODE.i32_const).signed(loop.step);
      out.byte(OPCODE.i32_add).byte(OPCODE.local_set).unsigned(loop.counter.id);
      if (isLast) this.statements(loop.afterRound);
      out.byte(OPCODE.local_get).unsigned(loop.counter.id);
      this.int(loop.to);
      if (isLast) out.byte(OPCODE.i32_ne).byte(OPCODE.br_if).unsigned(0);
      else out.byte(OPCODE.i32_eq).byte(OPCODE.br_if).unsigned(1);
    });
    out.byte(OPCODE.end).byte(OPCODE.end);
  }

  private store({ address, offset, value, count }: Extract<Statement, { kind: "store" }>): void {
    if (count === this.kernel.machine.lanes) {
      const rest = this.address(address, offset);
      this.vector(value);
      this.memory(SIMD.v128_store, rest);
      return;
    }
    let local = this.scratchVector();
    if (value.kind === "vectorVariable") {
      local = this.vectorBase + value.id;
    } else {
      this.vector(value);
      this.out.byte(OPCODE.local_set).unsigned(local);
    }
    // A pair, then a single lane.
    for (let lane = 0; lane < count;) {
      const pair = lane % 2 === 0 && lane + 2 <= count;
      const rest = this.address(address, offset + 4 * lane);
      this.out.byte(OPCODE.local_get).unsigned(local);
      this.memory(pair ? SIMD.v128_store64_lane : SIMD.v128_store32_lane, rest);
      this.out.byte(pair ? lane / 2 : lane);
      lane += pair ? 2 : 1;
    }
  }

  /** Interleaves words of rows 0 and 1 and of rows 2 and 3, then pairs of words. */
  private transpose([a, b, c, d]: readonly number[]): void {
    const first = this.scratchVector();
    const [ab, abHigh, cd, cdHigh] = [first, first + 1, first + 2, first + 3];
    this.shuffle(ab, a, b, [0, 4, 1, 5]);
    this.shuffle(abHigh, a, b, [2, 6, 3, 7]);
    this.shuffle(cd, c, d, [0, 4, 1, 5]);
    this.shuffle(cdHigh, c, d, [2, 6, 3, 7]);
    this.shuffle(a, ab, cd, [0, 1, 4, 5]);
    this.shuffle(b, ab, cd, [2, 3, 6, 7]);
    this.shuffle(c, abHigh, cdHigh, [0, 1, 4, 5]);
    this.shuffle(d, abHigh, cdHigh, [2, 3, 6, 7]);
  }

  /** Sets a local to four words of two others: 0 to 3 are those of `a`, 4 to 7 those of `b`. */
  private shuffle(target: number, a: number, b: number, words: readonly number[]): void {
    this.out.byte(OPCODE.local_get).unsigned(a).byte(OPCODE.local_get).unsigned(b);
    this.shuffleStack(words);
    this.out.byte(OPCODE.local_set).unsigned(target);
  }

  private shuffleStack(words: readonly number[]): void {
    this.simd(SIMD.i8x16_shuffle);
    for (const word of words) for (let byte = 0; byte < 4; byte++) this.out.byte(4 * word + byte);
  }

  /** Pushes an address and returns the offset for the instruction's own field, which holds no negative ones. */
  private address(address: IntExpression, offset: number): number {
    this.int(address);
    if (offset >= 0) return offset;
    this.out.byte(OPCODE.i32_const).signed(offset).byte(OPCODE.i32_add);
    return 0;
  }

  private int(expression: IntExpression): void {
    const { out } = this;
    switch (expression.kind) {
      case "int":
        out.byte(OPCODE.i32_const).signed(expression.value);
        return;
      case "intVariable":
        out.byte(OPCODE.local_get).unsigned(expression.id);
        return;
      case "loadInt": {
        const rest = this.address(expression.address, expression.offset);
        out.byte(OPCODE.i32_load).byte(ALIGN_FLOAT).unsigned(rest);
        return;
      }
      case "intBinary": {
        const { operator, a, b } = expression;
        if (operator !== "min" && operator !== "max") {
          this.int(a);
          this.int(b);
          out.byte(INT_OPCODE[operator]);
          return;
        }
        const first = this.scratchBase + this.scratchCount++;
        const second = this.scratchBase + this.scratchCount++;
        this.int(a);
        out.byte(OPCODE.local_tee).unsigned(first);
        this.int(b);
        out.byte(OPCODE.local_tee).unsigned(second);
        out.byte(OPCODE.local_get).unsigned(first).byte(OPCODE.local_get).unsigned(second);
        out.byte(operator === "min" ? OPCODE.i32_lt_u : OPCODE.i32_gt_u).byte(OPCODE.select);
        return;
      }
    }
  }

  private vector(expression: VectorExpression): void {
    const { out } = this;
    switch (expression.kind) {
      case "vectorVariable":
        out.byte(OPCODE.local_get).unsigned(this.vectorBase + expression.id);
        return;
      case "constant":
        this.simd(SIMD.v128_const);
        for (let lane = 0; lane < 4; lane++) out.float32(expression.value);
        return;
      case "doubleConstant":
        this.simd(SIMD.v128_const);
        out.float64(expression.value).float64(expression.value);
        return;
      case "intConstant":
        this.words([0, 1, 2, 3].map(() => expression.value));
        return;
      case "laneIndex":
        this.words([0, 1, 2, 3]);
        return;
      case "firstLanes":
        this.words([0, 1, 2, 3].map((lane) => (lane < expression.count ? -1 : 0)));
        return;
      case "splatInt":
        this.int(expression.value);
        this.simd(SIMD.i32x4_splat);
        return;
      case "load":
        this.load(expression);
        return;
      case "broadcast":
        this.memory(SIMD.v128_load32_splat, this.address(expression.address, expression.offset));
        return;
      case "broadcastDouble":
        this.memory(SIMD.v128_load64_splat, this.address(expression.address, expression.offset));
        return;
      case "gather":
        this.gather(expression);
        return;
      case "unary":
        this.vector(expression.a);
        this.simd(UNARY_OPCODE[expression.operator]);
        return;
      case "binary":
        this.vector(expression.a);
        this.vector(expression.b);
        if (expression.operator === "packPairs") throw noBfloat16();
        this.simd(BINARY_OPCODE[expression.operator]);
        return;
      case "shift":
        this.vector(expression.a);
        out.byte(OPCODE.i32_const).signed(expression.bits);
        this.simd(SHIFT_OPCODE[expression.operator]);
        return;
      case "multiplyAdd":
        this.multiplyAdd(expression);
        return;
      case "multiplyAddPairs":
        throw noBfloat16();
      case "select":
        this.vector(expression.a);
        this.vector(expression.b);
        this.vector(expression.mask);
        this.simd(SIMD.v128_bitselect);
        return;
      case "shuffle":
        this.vector(expression.a);
        this.vector(expression.b);
        this.shuffleStack(expression.sources);
        return;
      case "horizontal":
        this.horizontal(expression);
        return;
    }
  }

  private multiplyAdd({ a, b, c }: Extract<VectorExpression, { kind: "multiplyAdd" }>): void {
    if (this.kernel.machine.fusedMultiplyAdd) {
      this.vector(a);
      this.vector(b);
      this.vector(c);
      this.simd(SIMD.f32x4_relaxed_madd);
      return;
    }
    this.vector(c);
    this.vector(a);
    this.vector(b);
    this.simd(SIMD.f32x4_mul);
    this.simd(SIMD.f32x4_add);
  }

  private load({ address, offset, count }: Extract<VectorExpression, { kind: "load" }>): void {
    const rest = this.address(address, offset);
    if (count === 4) this.memory(SIMD.v128_load, rest);
    else if (count === 1) this.memory(SIMD.v128_load32_zero, rest);
    else this.memory(SIMD.v128_load64_zero, rest);
    if (count === 3) this.loadLane(address, offset + 8, 2);
  }

  private gather(expression: Extract<VectorExpression, { kind: "gather" }>): void {
    const { address, offset, stride, count } = expression;
    this.memory(SIMD.v128_load32_zero, this.address(address, offset));
    for (let lane = 1; lane < count; lane++) this.loadLane(address, offset + lane * stride, lane);
  }

  /** Replaces one lane of the vector on the stack by a word from memory. */
  private loadLane(address: IntExpression, offset: number, lane: number): void {
    const vector = this.scratchVector();
    this.out.byte(OPCODE.local_set).unsigned(vector);
    const rest = this.address(address, offset);
    this.out.byte(OPCODE.local_get).unsigned(vector);
    this.memory(SIMD.v128_load32_lane, rest);
    this.out.byte(lane);
  }

  private horizontal({ operator, a }: Extract<VectorExpression, { kind: "horizontal" }>): void {
    const opcode = { add: SIMD.f32x4_add, min: SIMD.f32x4_pmin, max: SIMD.f32x4_pmax }[operator];
    const vector = this.scratchVector();
    this.vector(a);
    for (const distance of [2, 1]) {
      this.out.byte(OPCODE.local_tee).unsigned(vector);
      this.out.byte(OPCODE.local_get).unsigned(vector).byte(OPCODE.local_get).unsigned(vector);
      this.simd(SIMD.i8x16_shuffle);
      for (let byte = 0; byte < 16; byte++) this.out.byte((byte + 4 * distance) % 16);
      this.simd(opcode);
    }
  }

  /** The first of the v128 locals that the target needs for itself, behind the kernel's own. */
  private scratchVector(): number {
    return this.vectorBase + this.kernel.vectorVariableCount;
  }

  private words(values: readonly number[]): void {
    this.simd(SIMD.v128_const);
    for (const value of values) this.out.int32(value);
  }

  private simd(opcode: number): void {
    this.out.byte(OPCODE.simd).unsigned(opcode);
  }

  private memory(opcode: number, offset: number): void {
    this.simd(opcode);
    this.out.byte(ALIGN_FLOAT).unsigned(offset);
  }
}
