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

/** Options that every layer takes. */
export interface LayerOptions {
  /** Default: the class's name and a number, as "conv2d_1". */
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

/** Checks of one layer's options, named for messages. All throw AuricleError "argument". */
export interface OptionChecks {
  positiveInteger(name: string, value: unknown): number;
  integer(name: string, value: unknown): number;
  /** A finite number in low … high; `fallback` when undefined, unless that is undefined too. */
  number(name: string, value: unknown, fallback: number | undefined, low?: number, high?: number): number;
  boolean(name: string, value: unknown, fallback: boolean): boolean;
  oneOf<T extends string>(name: string, value: unknown, choices: readonly T[], fallback: T): T;
  /** A positive integer or one for each axis, as a list. */
  perAxis(name: string, value: unknown, axes: number, fallback?: number): readonly number[];
  initializer(name: string, value: unknown, fallback: InitializerName): Initializer;
  /** None when undefined. */
  regularizer(name: string, value: unknown): Regularizer | undefined;
  /** None when undefined. */
  constraint(name: string, value: unknown): Constraint | undefined;
}

/** Checks whose messages begin with the layer function's name. */
export function checksFor(where: string): OptionChecks {
  const refuse = (name: string, wanted: string, value: unknown): never => {
    throw new AuricleError("argument", `${where}: ${name} must be ${wanted}; got ${describe(value)}`);
  };
  const integer = (name: string, value: unknown, wanted: string, least: number): number =>
    typeof value === "number" && Number.isInteger(value) && value >= least && value <= LARGEST_COUNT
      ? value
      : refuse(name, wanted, value);
  return {
    positiveInteger: (name, value) => integer(name, value, "a positive integer", 1),
    integer: (name, value) => integer(name, value, "an integer", -LARGEST_COUNT),
    number(name, value, fallback, low = -Infinity, high = Infinity) {
      if (value === undefined && fallback !== undefined) return fallback;
      if (typeof value === "number" && Number.isFinite(value) && value >= low && value <= high) return value;
      const range = low === -Infinity && high === Infinity ? "a finite number" : rangeName(low, high);
      return refuse(name, range, value);
    },
    boolean: (name, value, fallback) =>
      value === undefined
        ? fallback
        : typeof value === "boolean"
          ? value
          : refuse(name, "true or false", value),
    oneOf(name, value, choices, fallback) {
      if (value === undefined) return fallback;
      return (
        choices.find((choice) => choice === value) ?? refuse(name, `one of ${choices.join(", ")}`, value)
      );
    },
    perAxis(name, value, axes, fallback) {
      const given = value ?? fallback;
      if (typeof given === "number") return perAxis(given, axes, name, where);
      if (Array.isArray(given) && given.every((entry) => typeof entry === "number")) {
        return perAxis(given, axes, name, where);
      }
      return refuse(name, `a positive integer or ${axes} of them`, value);
    },
    initializer(name, value, fallback) {
      if (value === undefined) return initializerOf(fallback);
      // Another string is refused there, with the list of names.
      if (typeof value === "string") return initializerOf(value as InitializerName);
      if (isInitializer(value)) return value;
      if (isInitializerConfig(value)) return initializerFromConfig(value);
      return refuse(name, "an initializer or the name of one", value);
    },
    regularizer: (name, value) =>
      value === undefined ? undefined : regularizerOf(`${where}: ${name}`, value),
    constraint: (name, value) => (value === undefined ? undefined : constraintOf(`${where}: ${name}`, value)),
  };
}

function rangeName(low: number, high: number): string {
  if (high === Infinity) return `a finite number not below ${low}`;
  return `a number in ${low} … ${high}`;
}

function describe(value: unknown): string {
  return value === undefined ? "nothing" : (JSON.stringify(value) ?? String(value));
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
