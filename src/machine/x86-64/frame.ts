/** @file Where a kernel's variables are: in registers, or in its stack frame. */
import { NO_REGISTER, type RegistersById } from "./allocate.ts";
import {
  GENERAL,
  memory,
  type GeneralRegister,
  type MemoryOperand,
  type Operand,
  type VectorRegister,
} from "./registers.ts";

const WORD = 4;

type Slots = (MemoryOperand | undefined)[];

export class Frame {
  private readonly ints: RegistersById;
  private readonly vectors: RegistersById;
  private readonly vectorBytes: number;
  /** Places on the stack: of variables by their ids, and of registers by their numbers. */
  private readonly intSlots: Slots = [];
  private readonly vectorSlots: Slots = [];
  private readonly registerSlots: Slots = [];
  /** Words for intermediate results, and which of them are free. */
  private readonly words = new Set<Operand>();
  private readonly freeWords: MemoryOperand[] = [];
  /** Room for one vector that is put together word by word. */
  readonly gatherArea: MemoryOperand;
  private used = 0;

  constructor(ints: RegistersById, vectors: RegistersById, vectorBytes: number) {
    this.ints = ints;
    this.vectors = vectors;
    this.vectorBytes = vectorBytes;
    this.gatherArea = this.reserve(vectorBytes);
  }

  /** The size of the whole frame; final once all code is emitted. */
  get bytes(): number {
    return this.used;
  }

  intPlace(id: number): GeneralRegister | MemoryOperand {
    const register = this.ints[id];
    return register === NO_REGISTER ? this.slot(this.intSlots, id, WORD) : register;
  }

  vectorPlace(id: number): VectorRegister | MemoryOperand {
    const register = this.vectors[id];
    return register === NO_REGISTER ? this.slot(this.vectorSlots, id, this.vectorBytes) : register;
  }

  /** Where the contents of a vector register are kept that serves something else for a while. */
  savedRegister(register: VectorRegister): MemoryOperand {
    return this.slot(this.registerSlots, register, this.vectorBytes);
  }

  /** A word for an intermediate result, until it is released. */
  takeWord(): MemoryOperand {
    const word = this.freeWords.pop() ?? this.reserve(WORD);
    this.words.add(word);
    return word;
  }

  /** Does nothing for a variable's place. */
  releaseWord(place: Operand): void {
    if (place.kind === "memory" && this.words.delete(place)) this.freeWords.push(place);
  }

  private slot(slots: Slots, index: number, bytes: number): MemoryOperand {
    return (slots[index] ??= this.reserve(bytes));
  }

  private reserve(bytes: number): MemoryOperand {
    const at = Math.ceil(this.used / bytes) * bytes;
    this.used = at + bytes;
    return memory(GENERAL.rsp, at);
  }
}
