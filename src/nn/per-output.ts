/** @file Options and arrays that are given for each output of a model: in the form in which its outputs were given. */
import { AuricleError } from "../errors.ts";
import { didYouMean } from "../options.ts";
import type { FloatArray } from "../tensor/array.ts";
import type { SymbolicTensor } from "./layer.ts";
import type { InferenceNetwork } from "./inference-network.ts";
import type { SymbolicValues } from "./network-builders.ts";

/** A model's predictions: one array, a list of arrays, or arrays by name, as its outputs were given. */
export type ModelOutputs = FloatArray | readonly FloatArray[] | Readonly<Record<string, FloatArray>>;

/** The predictions of a model whose outputs were given in this form. */
export type PredictionsOf<Outputs extends SymbolicValues> = Outputs extends SymbolicTensor
  ? FloatArray
  : { [Name in keyof Outputs]: FloatArray };

/**
 * A `T` for each output of a model that predicts `Outputs`. Where outputs are a list, they can be called by the names of
 * their layers as well.
 */
export type PerOutput<Outputs extends ModelOutputs, T> = Outputs extends FloatArray
  ? T
  : Outputs extends readonly FloatArray[]
    ? { readonly [Index in keyof Outputs]: T } | Readonly<Record<string, T>>
    : { readonly [Name in keyof Outputs]?: T };

/** The values of a graph that a model gives which predicts `Outputs`, where it is used as a layer. */
export type AppliedOutputs<Outputs extends ModelOutputs> = Outputs extends FloatArray
  ? SymbolicTensor
  : { readonly [Name in keyof Outputs]: SymbolicTensor };

/** The forms that {@link PerOutput} may have where the outputs' form is not known before the program runs. */
export type GivenPerOutput<T> = T | readonly T[] | Readonly<Record<string, T | undefined>>;

/**
 * The value for each output of the network, in order; undefined where none was given.
 * @param what the option, for messages
 * @throws AuricleError "argument" when the outputs have another form or number, or none has that name.
 */
export function perOutput<T>(
  network: InferenceNetwork,
  what: string,
  given: GivenPerOutput<T>,
): readonly (T | undefined)[] {
  const { outputs, outputForm } = network;
  if (outputForm === "one") return [given as T];
  const names = outputs.map(({ name }) => name);
  const example =
    outputForm === "list" ? `[${names.map(() => "…").join(", ")}]` : `{ ${names.join(": …, ")}: … }`;
  if (Array.isArray(given)) {
    if (outputForm === "list" && given.length === outputs.length) return given as readonly T[];
    const came = outputForm === "list" ? `a list of ${given.length}` : "a list";
    throw new AuricleError(
      "argument",
      `${network.name}: ${what} must be given for each output, ${example}; got ${came}`,
    );
  }
  if (typeof given !== "object" || given === null) {
    throw new AuricleError(
      "argument",
      `${network.name}: ${what} must be given for each output, ${example}; got ${typeof given}`,
    );
  }
  const byName = given as Readonly<Record<string, T | undefined>>;
  const unknown = Object.keys(byName).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new AuricleError(
      "argument",
      `${network.name}: ${what}: outputs are ${names.join(", ")}; got "${unknown}"${didYouMean(unknown, names)}`,
    );
  }
  return names.map((name) => (Object.hasOwn(byName, name) ? byName[name] : undefined));
}

/** Values of all outputs in the form in which the outputs were given. */
export function inForm<T>(
  { outputForm, outputs }: InferenceNetwork,
  values: readonly T[],
): T | readonly T[] | Readonly<Record<string, T>> {
  if (outputForm === "one") return values[0];
  if (outputForm === "list") return values;
  return Object.fromEntries(outputs.map(({ name }, i) => [name, values[i]]));
}
