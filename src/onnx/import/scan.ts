/** @file Counts what a protobuf file holds before any of it is made: two bytes of a file can become an object of hundreds. */
import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { AuricleError } from "../../errors.ts";
import { LIMITS } from "./limits.ts";

const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

class Scanner {
  private messages = 0;
  private listed = 0;
  private readonly bytes: Uint8Array;
  private readonly file: string;

  constructor(bytes: Uint8Array, file: string) {
    this.bytes = bytes;
    this.file = file;
  }

  /** Walks through a message that ends at `end`. */
  walk(message: DescMessage, from: number, end: number, depth: number): void {
    if (depth > LIMITS.depth) throw this.error(`has messages in each other more than ${LIMITS.depth} deep`);
    const fields = fieldsOf(message);
    let at = from;
    while (at < end) {
      const [tag, next] = this.varint(at, end);
      const field = fields.get(Math.floor(tag / 8));
      at = this.field(field, tag % 8, next, end, depth);
    }
  }

  /** Walks through one field; returns where the next begins. */
  private field(field: DescField | undefined, wire: number, at: number, end: number, depth: number): number {
    if (wire === VARINT) {
      this.count("listed", 1);
      return this.varint(at, end)[1];
    }
    if (wire === FIXED_32 || wire === FIXED_64) {
      this.count("listed", 1);
      return this.within(at + (wire === FIXED_32 ? 4 : 8), end);
    }
    if (wire !== BYTES) throw this.error("is damaged or is no ONNX file: it has a field of an unknown kind");
    const [length, begin] = this.varint(at, end);
    const stop = this.within(begin + length, end);
    const message = field?.message;
    if (message) {
      this.count("messages", 1);
      this.walk(message, begin, stop, depth + 1);
    } else if (field?.fieldKind === "list" && field.listKind === "scalar" && isPacked(field)) {
      this.count("listed", length);
    } else {
      this.count("messages", 1);
    }
    return stop;
  }

  private within(at: number, end: number): number {
    if (at <= end) return at;
    throw this.error("is cut off or damaged: a field is longer than what holds it");
  }

  private varint(from: number, end: number): [value: number, next: number] {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      if (from + i >= end) break;
      const byte = this.bytes[from + i];
      value += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) return [value, from + i + 1];
    }
    throw this.error("is cut off or damaged: a number has no end");
  }

  private count(what: "messages" | "listed", more: number): void {
    this[what] += more;
    if (this[what] <= LIMITS[what]) return;
    throw this.error(
      `holds more than ${LIMITS[what]} ${what === "messages" ? "messages" : "listed numbers"}`,
    );
  }

  private error(text: string): AuricleError {
    return new AuricleError("file", `${this.file}: ${text}`);
  }
}

const FIELDS = new WeakMap<DescMessage, ReadonlyMap<number, DescField>>();

function fieldsOf(message: DescMessage): ReadonlyMap<number, DescField> {
  let fields = FIELDS.get(message);
  if (!fields) {
    fields = new Map(message.fields.map((field) => [field.number, field]));
    FIELDS.set(message, fields);
  }
  return fields;
}

/** Texts and bytes are fields of their own; numbers come many in one. */
function isPacked(field: DescField & { readonly fieldKind: "list" }): boolean {
  const TEXT = 9;
  const RAW = 12;
  return field.listKind === "scalar" && field.scalar !== TEXT && field.scalar !== RAW;
}

/** @throws AuricleError "file" for a file that is cut off, or holds more than {@link LIMITS} allow. */
export function scanMessages(bytes: Uint8Array, message: DescMessage, file: string): void {
  new Scanner(bytes, file).walk(message, 0, bytes.length, 0);
}
