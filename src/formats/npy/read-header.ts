/** @file The header of an .npy file: a literal of a Python dictionary, parsed as data. Browser-safe. */

import type { AuricleError } from "../../errors.ts";
import { textAt, viewOf } from "../../io/byte-text.ts";
import { shownValue } from "../../shown-value.ts";
import type { Shape } from "../../tensor/shape.ts";
import { elementType, type ElementType } from "./elements.ts";
import { LONGEST_HEADER, MOST_AXES } from "./limits.ts";

export const MAGIC = "\x93NUMPY";

export interface NpyHeader {
  readonly type: ElementType;
  readonly littleEndian: boolean;
  readonly isFortran: boolean;
  readonly shape: Shape;
  /** Where the elements begin. */
  readonly length: number;
}

export type Fault = (problem: string) => AuricleError;

/** Everything that can stand in a header: a text, a number, a word or a mark. Old versions of Python wrote numbers as 3L. */
const TOKEN = /\s*(?:'([^'\\]*)'|"([^"\\]*)"|(\d+)L?|([A-Za-z]+)|([{}()[\]:,]))/y;

type Token = { readonly kind: "text" | "number" | "word" | "mark"; readonly value: string };

/** Parses the part of the file before the elements. */
export function readHeader(bytes: Uint8Array, fault: Fault): NpyHeader {
  if (textAt(bytes, 0, MAGIC.length) !== MAGIC || bytes.length < 12) {
    throw fault('it must begin with "\\x93NUMPY" and a header; is this an .npy file?');
  }
  const version = bytes[6];
  if (version < 1 || version > 3) {
    throw fault(`its format must have version 1, 2 or 3; got ${version}.${bytes[7]}`);
  }
  const view = viewOf(bytes);
  const start = version === 1 ? 10 : 12;
  const stated = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (stated > LONGEST_HEADER)
    throw fault(`its header states ${stated} bytes; at most ${LONGEST_HEADER} are read`);
  const length = start + stated;
  if (length > bytes.length)
    throw fault(`its header ends at byte ${length}, the file at ${bytes.length}: it is cut short`);
  const fields = parseFields(textAt(bytes, start, stated), fault);
  const [littleEndian, type] = parseType(fields.get("descr"), fault);
  return {
    type,
    littleEndian,
    isFortran: parseOrder(fields.get("fortran_order"), fault),
    shape: parseShape(fields.get("shape"), fault),
    length,
  };
}

/** The tokens of each value of the dictionary, by key. */
function parseFields(text: string, fault: Fault): Map<string, Token[]> {
  const tokens = tokensOf(text, fault);
  const isMark = (token: Token | undefined, value: string) => token?.kind === "mark" && token.value === value;
  const malformed = () => fault(`its header must be a dictionary; got ${shownValue(text.trim())}`);
  if (!isMark(tokens[0], "{") || !isMark(tokens[tokens.length - 1], "}")) throw malformed();
  const fields = new Map<string, Token[]>();
  let at = 1;
  while (at < tokens.length - 1) {
    const key = tokens[at];
    if (key.kind !== "text" || !isMark(tokens[at + 1], ":") || fields.has(key.value)) throw malformed();
    const value: Token[] = [];
    let depth = 0;
    for (at += 2; at < tokens.length - 1 && (depth > 0 || !isMark(tokens[at], ",")); at++) {
      const token = tokens[at];
      if (token.kind === "mark")
        depth += "([{".includes(token.value) ? 1 : ")]}".includes(token.value) ? -1 : 0;
      value.push(token);
    }
    fields.set(key.value, value);
    at++;
  }
  const names = [...fields.keys()].sort().join(", ");
  if (names !== "descr, fortran_order, shape") {
    throw fault(`its header must have descr, fortran_order and shape; got ${names || "nothing"}`);
  }
  return fields;
}

function tokensOf(text: string, fault: Fault): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (!found) throw fault(`its header cannot be understood at ${shownValue(text.slice(at, at + 20))}`);
    const [, single, double, number, word, mark] = found;
    if (number !== undefined) tokens.push({ kind: "number", value: number });
    else if (word !== undefined) tokens.push({ kind: "word", value: word });
    else if (mark !== undefined) tokens.push({ kind: "mark", value: mark });
    else tokens.push({ kind: "text", value: single ?? double });
  }
  return tokens;
}

function parseType(value: Token[] | undefined, fault: Fault): [littleEndian: boolean, type: ElementType] {
  if (value?.[0]?.kind === "mark" && value[0].value === "[") {
    throw fault("it holds structures; save each field as an array of its own");
  }
  if (value?.length !== 1 || value[0].kind !== "text") throw fault("its descr must be a type such as '<f4'");
  const [, order, code] = /^([<>=|]?)(.*)$/s.exec(value[0].value) ?? [];
  const type = elementType(code);
  if (typeof type === "string") throw fault(`it cannot be read as ${shownValue(value[0].value)}: ${type}`);
  // "=" is the order of the machine that wrote it, which nearly all have in common.
  return [order !== ">", type];
}

function parseOrder(value: Token[] | undefined, fault: Fault): boolean {
  const word = value?.length === 1 && value[0].kind === "word" ? value[0].value : "";
  if (word !== "True" && word !== "False") throw fault("its fortran_order must be True or False");
  return word === "True";
}

function parseShape(value: Token[] = [], fault: Fault): Shape {
  const text = value.map((token) => token.value).join("");
  if (!/^\((?:\d+(?:,\d+)*,?)?\)$/.test(text) || /^\(\d+\)$/.test(text)) {
    throw fault(`its shape must be a tuple of whole numbers; got ${shownValue(text)}`);
  }
  const shape = [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  if (shape.length > MOST_AXES || !shape.every(Number.isSafeInteger)) {
    throw fault(`its shape must have at most ${MOST_AXES} axes of possible lengths; got ${shownValue(text)}`);
  }
  return shape;
}
