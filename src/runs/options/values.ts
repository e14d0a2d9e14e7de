/**
 * @file The types of an option's value: a schema, which holds for a file as for the command line, and how the value is written
 * as a word. Browser-safe.
 */

import * as z from "zod/mini";
import { frontEndConfig, type FrontEndConfig, type FrontEndOptions } from "../../audio/front-end/config.ts";
import { FRONT_END_PRESETS, type FrontEndPreset } from "../../audio/front-end/presets.ts";
import type { SplitFractions } from "../../data/collection/split/parts.ts";
import { AuricleError } from "../../errors.ts";
import { isNetworkFile, NETWORK_FILE } from "../networks/network-path.ts";

export interface ValueType<V> {
  readonly schema: z.ZodMiniType<V>;
  /** Reads a word of the command line; what is wrong with it, the schema says. Default: the word itself. */
  readonly parse?: (word: string) => unknown;
  /** Writes a value as a word. Default: `String`. */
  readonly format?: (value: V) => string;
  /** All values that there are, where they are few. */
  readonly choices?: readonly string[];
  /** Whether it is a path, which is kept absolute; for a value that may be one, a test. */
  readonly isPath?: boolean | ((value: string) => boolean);
}

/** The name of a preset, or the options of a front end. */
export type FrontEndValue = FrontEndPreset | FrontEndOptions;

const numberOf = (word: string) => (word.trim() === "" ? NaN : Number(word));

/** A whole number of at least `least`. */
export function wholeNumber(least: number): ValueType<number> {
  const error = `must be a whole number, ${least} or more`;
  return {
    schema: z.int({ error }).check(z.minimum(least, { error })),
    parse: (word) => (/^\d+$/.test(word) ? Number(word) : NaN),
  };
}

/** As {@link wholeNumber}; null where there is no limit. */
export function wholeNumberOrNone(least: number): ValueType<number | null> {
  const { schema, parse } = wholeNumber(least);
  return { schema: z.nullable(schema), parse };
}

export function positiveNumber(): ValueType<number> {
  const error = "must be a number above 0";
  return { schema: z.number({ error }).check(z.positive({ error })), parse: numberOf };
}

/** A number above 0; or true, which leaves the number to the program. */
export function positiveNumberOrTrue(): ValueType<number | true> {
  const { schema, parse } = positiveNumber();
  return {
    schema: z.union([schema, z.literal(true)], { error: "must be a number above 0, or true" }),
    parse,
  };
}

/** A fraction on [0, 1). */
export function fraction(): ValueType<number> {
  const error = "must be a number of at least 0 and below 1, such as 0.1";
  return { schema: z.number({ error }).check(z.minimum(0, { error }), z.lt(1, { error })), parse: numberOf };
}

/** A number from 0 to `most`. */
export function amount(most: number): ValueType<number> {
  const error = `must be a number from 0 to ${most}`;
  return {
    schema: z.number({ error }).check(z.minimum(0, { error }), z.maximum(most, { error })),
    parse: numberOf,
  };
}

export function oneOf<const Name extends string>(names: readonly Name[]): ValueType<Name> {
  return { schema: z.enum(names, { error: `must be one of ${names.join(", ")}` }), choices: names };
}

/** The name of a model, or the path of a network file. */
export function modelOrFile(names: readonly string[]): ValueType<string> {
  const error = `must be one of ${names.join(", ")}, or a network file (.json, .js)`;
  return {
    schema: z.union([z.enum(names), z.string().check(z.regex(NETWORK_FILE, { error }))], { error }),
    isPath: isNetworkFile,
  };
}

export function yesOrNo(): ValueType<boolean> {
  return { schema: z.boolean({ error: "must be true or false" }) };
}

export function text(): ValueType<string> {
  return { schema: z.string({ error: "must be a text" }).check(z.minLength(1)) };
}

/** A text, or true where the option stands alone. */
export function textOrNothing(): ValueType<string | true> {
  return { schema: z.union([text().schema, z.literal(true)], { error: "must be a text" }) };
}

/** The path of a file or folder. */
export function path(): ValueType<string> {
  return { ...text(), isPath: true };
}

/** Shares of training, validation and test, as "0.85/0.10/0.05" or "85/10/5"; in a file as a list. */
export function shares(): ValueType<SplitFractions> {
  const error = "must be three shares with sum 1, such as 0.7/0.15/0.15";
  const share = z.number({ error }).check(z.minimum(0, { error }));
  return {
    schema: z.tuple([share, share, share], { error }).check(
      z.refine(([train, ...others]) => train > 0 && Math.abs(train + others[0] + others[1] - 1) < 1e-6, {
        error,
      }),
    ),
    parse: (word) => {
      const parts = /^[\d.]+\/[\d.]+\/[\d.]+$/.test(word) ? word.split("/").map(Number) : [];
      const sum = parts.reduce((total, part) => total + part, 0);
      return Math.abs(sum - 100) < 1e-4 ? parts.map((part) => part / 100) : parts;
    },
    format: (value) => value.join("/"),
  };
}

/** One of several folds: "1/5" is the first of five. */
export function fold(): ValueType<string> {
  const error = 'must be a fold and their number, such as "1/5"';
  return {
    schema: z.string({ error }).check(
      z.regex(/^\d+\/\d+$/, { error }),
      z.refine(
        (value) => {
          const [number, of] = value.split("/").map(Number);
          return of >= 2 && number >= 1 && number <= of;
        },
        { error },
      ),
    ),
  };
}

/** A preset's name, or the front end's own options, on the command line as JSON. */
export function frontEnd(): ValueType<FrontEndValue> {
  const names = Object.keys(FRONT_END_PRESETS).filter(isPreset);
  const error = `must be one of ${names.join(", ")}, or the options of a front end`;
  const options = z.looseObject({ kind: z.string() }).check(
    z.superRefine((value, context) => {
      try {
        frontEndConfig(value as FrontEndOptions);
      } catch (problem) {
        if (!(problem instanceof AuricleError)) throw problem;
        context.addIssue({ code: "custom", message: problem.message });
      }
    }),
  ) as z.ZodMiniType<FrontEndOptions>;
  return {
    schema: z.union([z.enum(names), options], { error }),
    parse: (word) => (word.startsWith("{") ? parsed(word) : word),
    format: (value) => (typeof value === "string" ? value : JSON.stringify(value)),
  };
}

function isPreset(name: string): name is FrontEndPreset {
  return Object.hasOwn(FRONT_END_PRESETS, name);
}

function parsed(word: string): unknown {
  try {
    return JSON.parse(word);
  } catch {
    return undefined;
  }
}

/** Returns the configuration of a front end that was named or described. */
export function frontEndOf(value: FrontEndValue): FrontEndConfig {
  return frontEndConfig(typeof value === "string" ? FRONT_END_PRESETS[value] : value);
}
