/**
 * @file Reads Python's pickles as data (the opcodes of pickletools, protocols 0 to 5). A pickle is a program for a stack machine;
 * this machine makes numbers, text, lists, tuples and dictionaries, and asks for everything else by name in a table: a name that is not
 * there is refused. Nothing is looked up, imported or run. Each opcode takes time and memory in proportion to its bytes. Browser-safe.
 */

import { viewOf } from "../../io/byte-text.ts";
import { shownValue } from "../../shown-value.ts";
import {
  kindOf,
  PickleCallable,
  PickleDict,
  PickleList,
  PickleTuple,
  type Fault,
  type PickleValue,
} from "./pickle-values.ts";

export interface PickleNames {
  /** Gives the value of a name such as `collections.OrderedDict`, or nothing: then the pickle is refused. */
  find(name: string): PickleValue | undefined;
  /** Gives the value of a persistent id, which stands for something outside the pickle. */
  persistent(id: PickleValue, fault: Fault): PickleValue;
  /** The remedy for a name that is refused. */
  readonly advice: string;
}

/** Reads a pickle. @throws what `fault` makes, for a pickle that is damaged or holds more than data */
export function readPickle(bytes: Uint8Array, names: PickleNames, fault: Fault): PickleValue {
  return new PickleMachine(bytes, names, fault).run();
}

/** Whole numbers of more bytes occur in no description of tensors. */
const LONGEST_NUMBER = 16;

class PickleMachine {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly names: PickleNames;
  readonly fault: Fault;
  private at = 0;
  private stack: PickleValue[] = [];
  /** The stacks before each mark. */
  private readonly marked: PickleValue[][] = [];
  private readonly memo = new Map<number, PickleValue>();

  constructor(bytes: Uint8Array, names: PickleNames, fault: Fault) {
    this.bytes = bytes;
    this.view = viewOf(bytes);
    this.names = names;
    this.fault = (problem, cause) => fault(`${problem}, at byte ${this.at} of its pickle`, cause);
  }

  run(): PickleValue {
    for (;;) {
      const code = this.byte();
      if (code === STOP) return this.pop();
      const operation = OPERATIONS.get(code);
      if (!operation) throw this.fault(`it has the instruction ${describeCode(code)}, which is not for data`);
      operation(this);
    }
  }

  /** Takes bytes of the pickle. */
  take(count: number): Uint8Array {
    if (!(count <= this.bytes.length - this.at)) throw this.fault("it is cut short");
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  byte(): number {
    return this.take(1)[0];
  }

  /** A whole number of 2, 4 or 8 bytes without a sign. */
  count(bytes: 2 | 4 | 8): number {
    const at = this.at;
    this.take(bytes);
    if (bytes === 2) return this.view.getUint16(at, true);
    return bytes === 4 ? this.view.getUint32(at, true) : Number(this.view.getBigUint64(at, true));
  }

  int32(): number {
    this.take(4);
    return this.view.getInt32(this.at - 4, true);
  }

  float64(): number {
    this.take(8);
    return this.view.getFloat64(this.at - 8);
  }

  /** Text up to the end of the line. */
  line(): string {
    const end = this.bytes.indexOf(10, this.at);
    if (end < 0) throw this.fault("it is cut short");
    const text = this.text(end - this.at);
    this.take(1);
    return text;
  }

  /** Text in UTF-8 of so many bytes. */
  text(count: number): string {
    // A copy, since a browser's decoder refuses shared memory.
    const bytes = this.take(count).slice();
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (cause) {
      throw this.fault("it has text that is not UTF-8", cause);
    }
  }

  /** A whole number of so many bytes in two's complement. */
  long(count: number): number | bigint {
    if (count > LONGEST_NUMBER) throw this.fault(`it has a whole number of ${count} bytes`);
    let value = 0n;
    this.take(count).forEach((byte, i) => (value |= BigInt(byte) << BigInt(8 * i)));
    return narrowed(BigInt.asIntN(8 * count, value));
  }

  push(value: PickleValue): void {
    this.stack.push(value);
  }

  pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined) throw this.fault("it takes from an empty stack");
    return value;
  }

  top(): PickleValue {
    const value = this.stack.at(-1);
    if (value === undefined) throw this.fault("it takes from an empty stack");
    return value;
  }

  mark(): void {
    this.marked.push(this.stack);
    this.stack = [];
  }

  /** Takes all that was pushed since the last mark. */
  popMark(): PickleValue[] {
    const values = this.stack;
    const before = this.marked.pop();
    if (!before) throw this.fault("it returns to a mark that is not there");
    this.stack = before;
    return values;
  }

  popTuple(count: number): PickleTuple {
    return new PickleTuple(Array.from({ length: count }, () => this.pop()).reverse());
  }

  put(index: number): void {
    this.memo.set(index, this.top());
  }

  memoize(): void {
    this.put(this.memo.size);
  }

  get(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw this.fault(`it has nothing at place ${index} of its memory`);
    this.push(value);
  }

  /** Appends to the list on top of the stack. */
  append(values: readonly PickleValue[]): void {
    const list = this.top();
    if (!(list instanceof PickleList))
      throw this.fault(`it appends to ${kindOf(list)}; only lists can be appended to`);
    for (const value of values) list.items.push(value);
  }

  /** Sets keys of the dictionary on top of the stack: keys and values in turn. */
  setItems(pairs: readonly PickleValue[]): void {
    const dict = this.top();
    if (!(dict instanceof PickleDict))
      throw this.fault(`it sets keys of ${kindOf(dict)}; only dictionaries have keys`);
    if (pairs.length % 2 !== 0) throw this.fault("it has a key without a value");
    for (let i = 0; i < pairs.length; i += 2) {
      const key = pairs[i];
      if (typeof key !== "string" && typeof key !== "number") {
        throw this.fault(`a dictionary's key must be text or a number; got ${kindOf(key)}`);
      }
      dict.entries.set(key, pairs[i + 1]);
    }
  }

  /** Pushes what a name stands for. */
  name(module: string, name: string): void {
    const full = `${module}.${name}`;
    const value = this.names.find(full);
    if (value === undefined) {
      throw this.fault(
        `it refers to ${shownValue(full)}, which is not data and is never run; ${this.names.advice}`,
      );
    }
    this.push(value);
  }

  call(): void {
    const args = this.pop();
    const callable = this.pop();
    if (!(callable instanceof PickleCallable)) throw this.fault(`it calls ${kindOf(callable)}`);
    if (!(args instanceof PickleTuple)) throw this.fault(`it calls a function with ${kindOf(args)}`);
    this.push(callable.call(args.items, this.fault));
  }

  /** Gives attributes to an object: state dicts have `_metadata`, which nothing needs. */
  build(): void {
    const state = this.pop();
    const object = this.top();
    if (!(object instanceof PickleDict) || !(state instanceof PickleDict)) {
      throw this.fault(`it sets attributes of ${kindOf(object)}; only dictionaries may have some`);
    }
  }

  persistent(): void {
    this.push(this.names.persistent(this.pop(), this.fault));
  }
}

function narrowed(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function describeCode(code: number): string {
  const letter = code > 32 && code < 127 ? ` ("${String.fromCharCode(code)}")` : "";
  return `0x${code.toString(16).padStart(2, "0")}${letter}`;
}

const STOP = ".".charCodeAt(0);

/** A number of protocol 0, which is a line of digits; 00 and 01 are truth values. */
function decimal(machine: PickleMachine): PickleValue {
  const text = machine.line();
  if (text === "00" || text === "01") return text === "01";
  if (!/^[-+]?\d{1,38}L?$/.test(text)) throw machine.fault(`it has ${shownValue(text)} for a whole number`);
  return narrowed(BigInt(text.replace("L", "").replace("+", "")));
}

function decimalFloat(machine: PickleMachine): number {
  const text = machine.line();
  const number = { nan: NaN, inf: Infinity, "-inf": -Infinity }[text] ?? Number(text);
  if (text.trim() === "" || (Number.isNaN(number) && text !== "nan")) {
    throw machine.fault(`it has ${shownValue(text)} for a number`);
  }
  return number;
}

function index(machine: PickleMachine): number {
  const text = machine.line();
  if (!/^\d{1,15}$/.test(text)) throw machine.fault(`it has ${shownValue(text)} for a place of its memory`);
  return Number(text);
}

function pairs(values: readonly PickleValue[], machine: PickleMachine): void {
  machine.push(new PickleDict());
  machine.setItems(values);
}

function list(values: readonly PickleValue[], machine: PickleMachine): void {
  machine.push(new PickleList());
  machine.append(values);
}

function stackGlobal(machine: PickleMachine): void {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof module !== "string" || typeof name !== "string")
    throw machine.fault("it has a name that is not text");
  machine.name(module, name);
}

function setItem(machine: PickleMachine): void {
  const { items } = machine.popTuple(2);
  machine.setItems(items);
}

type Operation = (machine: PickleMachine) => void;

/** The instructions that make data, by the names that pickletools gives them. */
const OPERATIONS: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  [0x80, (m) => void checkProtocol(m)], // PROTO
  [0x95, (m) => void m.count(8)], // FRAME
  [0x28, (m) => m.mark()], // MARK
  [0x30, (m) => void m.pop()], // POP
  [0x31, (m) => void m.popMark()], // POP_MARK
  [0x4e, (m) => m.push(null)], // NONE
  [0x88, (m) => m.push(true)], // NEWTRUE
  [0x89, (m) => m.push(false)], // NEWFALSE
  [0x49, (m) => m.push(decimal(m))], // INT
  [0x4c, (m) => m.push(decimal(m))], // LONG
  [0x4a, (m) => m.push(m.int32())], // BININT
  [0x4b, (m) => m.push(m.byte())], // BININT1
  [0x4d, (m) => m.push(m.count(2))], // BININT2
  [0x8a, (m) => m.push(m.long(m.byte()))], // LONG1
  [0x8b, (m) => m.push(m.long(m.count(4)))], // LONG4
  [0x46, (m) => m.push(decimalFloat(m))], // FLOAT
  [0x47, (m) => m.push(m.float64())], // BINFLOAT
  [0x54, (m) => m.push(m.text(m.count(4)))], // BINSTRING
  [0x55, (m) => m.push(m.text(m.byte()))], // SHORT_BINSTRING
  [0x56, (m) => m.push(m.line())], // UNICODE
  [0x58, (m) => m.push(m.text(m.count(4)))], // BINUNICODE
  [0x8c, (m) => m.push(m.text(m.byte()))], // SHORT_BINUNICODE
  [0x8d, (m) => m.push(m.text(m.count(8)))], // BINUNICODE8
  [0x42, (m) => m.push(m.take(m.count(4)))], // BINBYTES
  [0x43, (m) => m.push(m.take(m.byte()))], // SHORT_BINBYTES
  [0x8e, (m) => m.push(m.take(m.count(8)))], // BINBYTES8
  [0x5d, (m) => m.push(new PickleList())], // EMPTY_LIST
  [0x6c, (m) => list(m.popMark(), m)], // LIST
  [0x61, (m) => m.append([m.pop()])], // APPEND
  [0x65, (m) => m.append(m.popMark())], // APPENDS
  [0x29, (m) => m.push(new PickleTuple([]))], // EMPTY_TUPLE
  [0x74, (m) => m.push(new PickleTuple(m.popMark()))], // TUPLE
  [0x85, (m) => m.push(m.popTuple(1))], // TUPLE1
  [0x86, (m) => m.push(m.popTuple(2))], // TUPLE2
  [0x87, (m) => m.push(m.popTuple(3))], // TUPLE3
  [0x7d, (m) => m.push(new PickleDict())], // EMPTY_DICT
  [0x64, (m) => pairs(m.popMark(), m)], // DICT
  [0x73, (m) => setItem(m)], // SETITEM
  [0x75, (m) => m.setItems(m.popMark())], // SETITEMS
  [0x63, (m) => m.name(m.line(), m.line())], // GLOBAL
  [0x93, (m) => stackGlobal(m)], // STACK_GLOBAL
  [0x52, (m) => m.call()], // REDUCE
  [0x62, (m) => m.build()], // BUILD
  [0x51, (m) => m.persistent()], // BINPERSID
  [0x70, (m) => m.put(index(m))], // PUT
  [0x71, (m) => m.put(m.byte())], // BINPUT
  [0x72, (m) => m.put(m.count(4))], // LONG_BINPUT
  [0x94, (m) => m.memoize()], // MEMOIZE
  [0x67, (m) => m.get(index(m))], // GET
  [0x68, (m) => m.get(m.byte())], // BINGET
  [0x6a, (m) => m.get(m.count(4))], // LONG_BINGET
]);

/** The newest protocol: Python 3.8. */
const NEWEST = 5;

function checkProtocol(machine: PickleMachine): void {
  const protocol = machine.byte();
  if (protocol > NEWEST) throw machine.fault(`its protocol must be 0 to ${NEWEST}; got ${protocol}`);
}
