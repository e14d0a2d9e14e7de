/** @file The kind of value that a JSON file has somewhere. Browser-safe. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is an object with keys, and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a list. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** A key of an object itself, never of its prototype. */
export function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
