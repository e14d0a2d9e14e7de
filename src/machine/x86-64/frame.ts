/** @file Where a kernel's variables are: in registers, or in its stack frame. */
import {
  GENERAL,
  memory,
  type GeneralRegister,
  type MemoryOperand,
  type Operand,
  type VectorRegister,
} from "./registers.ts";

const WORD = 4;

export class Frame {
  private readonly ints: ReadonlyMap<number, GeneralRegister>;
  private readonly vectors: ReadonlyMap<number, VectorRegister>;
  private readonly vectorBytes: number;
  private readonly slots = new Map<string, MemoryOperand>();
  /** Words for intermediate results, and which of them are free. */
  private readonly words = new Set<Operand>();
  private readonly freeWords: MemoryOperand[] = [];
  /** Room for one vector that is put together word by word. */
  readonly gatherArea: MemoryOperand;
  private used = 0;

  constructor(
    ints: ReadonlyMap<number, GeneralRegister>,
    vectors: ReadonlyMap<number, VectorRegister>,
    vectorBytes: number,
  ) {
    this.ints = ints;
    this.vectors = vectors;
    this.vectorBytes = vectorBytes;
    this.gatherArea = this.reserve(vectorBytes);
  }

  /** Of the whole frame; final once all code is emitted. */
  get bytes(): number {
    return this.used;
  }

  intPlace(id: number): GeneralRegister | MemoryOperand {
    return this.ints.get(id) ?? this.slot(`int ${id}`, WORD);
  }

  vectorPlace(id: number): VectorRegister | MemoryOperand {
    return this.vectors.get(id) ?? this.slot(`vector ${id}`, this.vectorBytes);
  }

  /** Where the contents of a vector register are kept that serves something else for a while. */
  savedRegister(register: VectorRegister): MemoryOperand {
    return this.slot(`register ${register}`, this.vectorBytes);
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

  private slot(name: string, bytes: number): MemoryOperand {
    let place = this.slots.get(name);
    if (!place) {
      place = this.reserve(bytes);
      this.slots.set(name, place);
    }
    return place;
  }

  private reserve(bytes: number): MemoryOperand {
    const at = Math.ceil(this.used / bytes) * bytes;
    this.used = at + bytes;
    return memory(GENERAL.rsp, at);
  }
}
