/** @file The values that a pickle of data has. Browser-safe. */

import type { AuricleError } from "../../errors.ts";

/** Makes an error that names the file. */
export type Fault = (problem: string, cause?: unknown) => AuricleError;

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleList
  | PickleTuple
  | PickleDict
  | PickleObject;

export class PickleList {
  readonly items: PickleValue[] = [];
}

export class PickleTuple {
  readonly items: readonly PickleValue[];

  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

/** A dictionary, plain or ordered. */
export class PickleDict {
  readonly entries = new Map<string | number, PickleValue>();
}

/** A value that the user of the machine made: for a name, a call or a persistent id. */
export abstract class PickleObject {
  abstract readonly kind: string;
}

/** A name that may be called, with what it makes of its arguments. */
export class PickleCallable extends PickleObject {
  readonly kind = "a function";
  readonly call: (args: readonly PickleValue[], fault: Fault) => PickleValue;

  constructor(call: PickleCallable["call"]) {
    super();
    this.call = call;
  }
}

/** Says in a message what a value is; never goes into it. */
export function kindOf(value: PickleValue | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "None";
  if (typeof value === "string") return "text";
  if (typeof value === "boolean") return "a truth value";
  if (typeof value === "number" || typeof value === "bigint") return "a number";
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof PickleList) return "a list";
  if (value instanceof PickleTuple) return "a tuple";
  if (value instanceof PickleDict) return "a dictionary";
  return value.kind;
}
