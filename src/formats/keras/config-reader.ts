/** @file Values of a configuration that comes from a file, read one by one with their types. Browser-safe. */
import { AuricleError } from "../../errors.ts";
import { shownValue } from "../../shown-value.ts";
import { isList, own, type JsonObject } from "../json/values.ts";

/** Reads the configuration of one layer. Every fault names the place, the key and what came. */
export class ConfigReader {
  /** The layer and its class, for messages. */
  readonly where: string;
  private readonly config: JsonObject;

  constructor(where: string, config: JsonObject) {
    this.where = where;
    this.config = config;
  }

  /** The value as it came; undefined where the key is missing or null. */
  value(key: string): unknown {
    return own(this.config, key) ?? undefined;
  }

  /** @throws AuricleError "file", always. */
  refuse(key: string, wanted: string): never {
    throw new AuricleError(
      "file",
      `${this.where}: ${key} must be ${wanted}; got ${shownValue(own(this.config, key))}`,
    );
  }

  number(key: string, fallback?: number): number {
    const value = this.value(key) ?? fallback;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    return this.refuse(key, "a number");
  }

  count(key: string, fallback?: number): number {
    const value = this.value(key) ?? fallback;
    if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
    return this.refuse(key, "a whole number above 0");
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.value(key) ?? fallback;
    return typeof value === "boolean" ? value : this.refuse(key, "true or false");
  }

  text(key: string, fallback?: string): string {
    const value = this.value(key) ?? fallback;
    return typeof value === "string" ? value : this.refuse(key, "a text");
  }

  /** Whole numbers: one for all axes, or a list. */
  lengths(key: string, fallback?: number): number | readonly number[] {
    const value = this.value(key) ?? fallback;
    if (typeof value === "number" && Number.isSafeInteger(value)) return value;
    if (isList(value) && value.every((one): one is number => Number.isSafeInteger(one))) return value;
    return this.refuse(key, "a whole number or a list of them");
  }

  /** One number, or a list of numbers that may be nested; undefined where there is none. */
  numbers(key: string): number | readonly number[] | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    if (isList(value)) {
      const flat: readonly unknown[] = value.flat(8);
      if (flat.every((one): one is number => typeof one === "number" && Number.isFinite(one))) return flat;
    }
    return this.refuse(key, "a number or a list of numbers");
  }
}
