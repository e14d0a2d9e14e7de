/**
 * @file Checks of layers' options. They take `unknown`: a config may come from a file, and JavaScript has no compiler
 * to object.
 */
import { AuricleError } from "../../errors.ts";
import type { OptionNames } from "../../options.ts";
import { LARGEST_COUNT, perAxis } from "../../ops/window.ts";
import type { Shape } from "../../tensor/shape.ts";
import { constraintOf, type Constraint } from "../constraints.ts";
import {
  initializerFromConfig,
  initializerOf,
  type Initializer,
  type InitializerConfig,
  type InitializerName,
} from "../initializers/index.ts";
import { regularizerOf, type Regularizer, type RegularizerOption } from "../regularizers.ts";
import { shownValue } from "../../shown-value.ts";

/** Options that every layer takes. */
export interface LayerOptions {
  /** The name in summaries, in paths of weights and in messages. Default: the class's name and a number, as "conv2d_1". */
  readonly name?: string;
  /** The shape of one example, batch axis left out; needed on the first layer of a sequential model. */
  readonly inputShape?: Shape;
  /** false freezes the layer: training leaves its weights alone. Default true. */
  readonly trainable?: boolean;
  /** A penalty on the layer's outputs, divided by the number of examples and added to the loss (Keras). Default: none. */
  readonly activityRegularizer?: RegularizerOption;
}

/** The names of {@link LayerOptions}. */
export const LAYER_OPTIONS: OptionNames<LayerOptions> = {
  name: true,
  inputShape: true,
  trainable: true,
  activityRegularizer: true,
};

/** Where a layer takes an initializer: a name, an initializer, or its stored form. */
export type InitializerOption = InitializerName | InitializerConfig;

/** The kinds of values that options take. */
export type OptionType =
  | "integer"
  | "number"
  | "boolean"
  | "choice"
  | "text"
  /** One positive integer, or one for each axis. */
  | "lengths"
  /** Lengths on both sides of each axis, or the name of a rule for them. */
  | "sides"
  /** An axis, or several. */
  | "axes"
  | "shape"
  /** Numbers, or lists of them. */
  | "list"
  | "initializer"
  | "regularizer"
  | "constraint"
  | "object";

/** An option whose value is none of the usual kinds. */
export interface OtherOption<T> {
  readonly type: OptionType;
  /** The values that are taken, as the message says it after "must be". */
  readonly wanted: string;
  /** Returns the value in the form in which the layer keeps it; undefined for one that is refused. */
  parse(value: unknown): T | undefined;
  /** The value where none is given, as a user would write it. Default: the option is required. */
  readonly fallback?: unknown;
}

/** Checks of one layer's options, named for messages. All throw AuricleError "argument". An option without fallback is required. */
export interface OptionChecks {
  positiveInteger(name: string, value: unknown, fallback?: number): number;
  integer(name: string, value: unknown, fallback?: number): number;
  /** A finite number in low … high. */
  number(name: string, value: unknown, fallback: number | undefined, low?: number, high?: number): number;
  boolean(name: string, value: unknown, fallback: boolean): boolean;
  oneOf<T extends string>(name: string, value: unknown, choices: readonly T[], fallback?: T): T;
  /** A positive integer or one for each axis, as a list. */
  perAxis(
    name: string,
    value: unknown,
    axes: number,
    fallback?: number | readonly number[],
  ): readonly number[];
  initializer(name: string, value: unknown, fallback: InitializerName): Initializer;
  /** None when undefined. */
  regularizer(name: string, value: unknown): Regularizer | undefined;
  /** None when undefined. */
  constraint(name: string, value: unknown): Constraint | undefined;
  other<T>(name: string, value: unknown, option: OtherOption<T>): T;
  /** As {@link other}; none when undefined. */
  optional<T>(name: string, value: unknown, option: Omit<OtherOption<T>, "fallback">): T | undefined;
}

/** Makes the checks whose messages begin with a layer function's name. */
type MakeChecks = (where: string) => OptionChecks;

let makeChecks: MakeChecks = plainChecks;

/** Checks whose messages begin with the layer function's name. */
export function checksFor(where: string): OptionChecks {
  return makeChecks(where);
}

/**
 * Makes a layer whose options are checked by others than {@link plainChecks}: a description of the options is taken from what their
 * checks are asked for, so that it cannot differ from them.
 */
export function withChecks<T>(checks: MakeChecks, make: () => T): T {
  makeChecks = checks;
  try {
    return make();
  } finally {
    makeChecks = plainChecks;
  }
}

/** The checks that refuse what a layer does not take. */
export function plainChecks(where: string): OptionChecks {
  const refuse = (name: string, wanted: string, value: unknown): never => {
    throw new AuricleError("argument", `${where}: ${name} must be ${wanted}; got ${shownValue(value)}`);
  };
  const integer = (name: string, value: unknown, wanted: string, least: number): number =>
    typeof value === "number" && Number.isInteger(value) && value >= least && value <= LARGEST_COUNT
      ? value
      : refuse(name, wanted, value);
  const other = <T>(name: string, value: unknown, { wanted, parse, fallback }: OtherOption<T>): T =>
    parse(value ?? fallback) ?? refuse(name, wanted, value);
  return {
    positiveInteger: (name, value, fallback) => integer(name, value ?? fallback, POSITIVE_INTEGER, 1),
    integer: (name, value, fallback) => integer(name, value ?? fallback, INTEGER, -LARGEST_COUNT),
    number(name, value, fallback, low = -Infinity, high = Infinity) {
      if (value === undefined && fallback !== undefined) return fallback;
      if (typeof value === "number" && Number.isFinite(value) && value >= low && value <= high) return value;
      return refuse(name, numberRange(low, high), value);
    },
    boolean: (name, value, fallback) =>
      value === undefined ? fallback : typeof value === "boolean" ? value : refuse(name, BOOLEAN, value),
    oneOf(name, value, choices, fallback) {
      const given = value === undefined ? fallback : value;
      return choices.find((choice) => choice === given) ?? refuse(name, choiceOf(choices), value);
    },
    perAxis(name, value, axes, fallback) {
      const given = value ?? fallback;
      if (typeof given === "number") return perAxis(given, axes, name, where);
      if (Array.isArray(given) && given.every((entry) => typeof entry === "number")) {
        return perAxis(given, axes, name, where);
      }
      return refuse(name, lengthsOf(axes), value);
    },
    initializer(name, value, fallback) {
      if (value === undefined) return initializerOf(fallback);
      // Another string is refused there, with the list of names.
      if (typeof value === "string") return initializerOf(value as InitializerName);
      if (isInitializer(value)) return value;
      if (isInitializerConfig(value)) return initializerFromConfig(value);
      return refuse(name, INITIALIZER, value);
    },
    regularizer: (name, value) =>
      value === undefined ? undefined : regularizerOf(`${where}: ${name}`, value),
    constraint: (name, value) => (value === undefined ? undefined : constraintOf(`${where}: ${name}`, value)),
    other,
    optional: (name, value, option) => (value === undefined ? undefined : other(name, value, option)),
  };
}

// The values that options take, in the words of messages and descriptions.
export const POSITIVE_INTEGER = "a positive integer";
export const INTEGER = "an integer";
export const BOOLEAN = "true or false";
export const INITIALIZER = "an initializer or the name of one";

export function choiceOf(choices: readonly string[]): string {
  return `one of ${choices.join(", ")}`;
}

export function lengthsOf(axes: number): string {
  return `a positive integer or ${axes} of them`;
}

export function numberRange(low: number, high: number): string {
  if (low === -Infinity && high === Infinity) return "a finite number";
  if (high === Infinity)
    return low === Number.MIN_VALUE ? "a number above 0" : `a finite number not below ${low}`;
  return `a number in ${low} … ${high}`;
}

function isInitializerConfig(value: unknown): value is InitializerConfig {
  return (
    typeof value === "object" &&
    value !== null &&
    "name" in value &&
    typeof value.name === "string" &&
    "config" in value &&
    typeof value.config === "object" &&
    value.config !== null
  );
}

function isInitializer(value: unknown): value is Initializer {
  return isInitializerConfig(value) && "initialize" in value && typeof value.initialize === "function";
}

/** The stored form of an initializer. */
export function initializerConfig({ name, config }: Initializer): InitializerConfig {
  return { name, config };
}
