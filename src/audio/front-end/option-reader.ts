/** @file Reads options that may come from a file or from JavaScript, one by one, with their defaults. */
import { AuricleError } from "../../errors.ts";
import { LARGEST_COUNT } from "../../ops/window.ts";
import { checkOptionList } from "../../options.ts";
import { shownValue } from "../../shown-value.ts";

export class OptionReader {
  private readonly where: string;
  private readonly given: Readonly<Record<string, unknown>>;
  private readonly known = new Set<string>();

  /** @throws AuricleError "argument" unless `given` is an object. */
  constructor(where: string, given: unknown) {
    if (typeof given !== "object" || given === null || Array.isArray(given)) {
      throw new AuricleError(
        "argument",
        `${where}: must be an object with options; got ${shownValue(given)}`,
      );
    }
    this.where = where;
    this.given = Object.fromEntries(Object.entries(given));
  }

  /** The value as it came. */
  value(name: string): unknown {
    this.known.add(name);
    return this.given[name];
  }

  /** @param most default {@link LARGEST_COUNT} */
  integer(name: string, fallback: number, least = 1, most = LARGEST_COUNT): number {
    const value = this.valueOr(name, fallback);
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
    const isLarge = typeof value === "number" && value > most;
    return this.refuse(name, `an integer ${isLarge ? `not above ${most}` : `not below ${least}`}`, value);
  }

  positive(name: string, fallback: number): number {
    const value = this.valueOr(name, fallback);
    if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
    return this.refuse(name, "a positive number", value);
  }

  notNegative(name: string, fallback: number): number {
    const value = this.valueOr(name, fallback);
    if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
    return this.refuse(name, "a number not below 0", value);
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.valueOr(name, fallback);
    return typeof value === "boolean" ? value : this.refuse(name, "true or false", value);
  }

  oneOf<T extends string | number>(name: string, choices: readonly T[], fallback?: T): T {
    const value = this.valueOr(name, fallback);
    const choice = choices.find((one) => one === value);
    return choice ?? this.refuse(name, `one of ${choices.join(", ")}`, value);
  }

  private valueOr(name: string, fallback: unknown): unknown {
    const value = this.value(name);
    return value === undefined ? fallback : value;
  }

  /** A group of options below this one. */
  group(name: string, value: unknown): OptionReader {
    return new OptionReader(`${this.where}: ${name}`, value);
  }

  /** @throws AuricleError "argument", always. */
  refuse(name: string, wanted: string, came: unknown): never {
    throw new AuricleError("argument", `${this.where}: ${name} must be ${wanted}; got ${shownValue(came)}`);
  }

  /** @throws AuricleError "argument" where an option came that has not been read. */
  end(): void {
    checkOptionList(this.where, this.given, [...this.known]);
  }
}
