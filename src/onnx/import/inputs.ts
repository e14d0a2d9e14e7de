/** @file The inputs of an ONNX file as those of a network: settings become constants, the batch and open lengths are told apart. */
import { AuricleError } from "../../errors.ts";
import { inType, knownValue } from "../../nn/operations/value.ts";
import { isCount } from "../../ops/window.ts";
import { shownValue } from "../../shown-value.ts";
import { formatShape, sizeOf, type Shape } from "../../tensor/shape.ts";
import type { ExampleInput, OnnxGraph, OnnxInput } from "./graph.ts";
import { windowOf } from "./own-metadata.ts";
import { INPUT, missingOperations, refuseProblems } from "./trace.ts";

/** The inputs of a network for examples. */
export interface Examples {
  readonly inputs: readonly ExampleInput[];
  /** The batch that the file was made for; undefined where it is open. */
  readonly batch: number | undefined;
}

/**
 * @param given the shape of one example of the only input, where the file leaves lengths open
 * @throws AuricleError, for inputs that do not fit, together with all nodes that have no counterpart whatever the inputs are
 */
export function examplesOf(graph: OnnxGraph, given: Shape | undefined, file: string): Examples {
  const faults: { readonly name: string; readonly error: AuricleError }[] = [];
  const attempt = <T>(name: string, make: () => T): T | undefined => {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof AuricleError)) throw error;
      faults.push({ name, error });
      return undefined;
    }
  };
  const inputs = graph.inputs.map((one) => attempt(one.name, () => exampleOf(one, graph, given, file)));
  const batch = attempt(graph.inputs[0]?.name ?? "", () => batchOf(graph, file));
  const [first] = faults;
  if (first) {
    const missing = missingOperations(graph.nodes);
    const reasons = faults.map(({ name, error }) => ({
      node: name,
      operation: INPUT,
      reason: error.message.replace(`${file}: `, "").replace(`the input ${shownValue(name)} `, ""),
    }));
    if (missing.length > 0) refuseProblems([...missing, ...reasons], file);
    const others = faults.slice(1).map(({ error }) => error.message.replace(`${file}: `, ""));
    throw new AuricleError(first.error.code, [first.error.message, ...others].join("; "), {
      cause: first.error,
    });
  }
  return { inputs: inputs.flatMap((one) => one ?? []), batch };
}

function exampleOf(
  { name, type, shape }: OnnxInput,
  graph: OnnxGraph,
  given: Shape | undefined,
  file: string,
): ExampleInput {
  const what = `${file}: the input ${shownValue(name)}`;
  if (shape && sizeOf(shape.map((length) => (length === 1 ? 1 : 2))) === 1) {
    throw new AuricleError(
      "argument",
      `${what} is one number, a setting: give it as --set ${/^[\w.]+$/.test(name) ? name : JSON.stringify(name)}=…`,
    );
  }
  if (type !== "float32" && type !== "float64" && type !== "float16" && type !== undefined) {
    throw new AuricleError("unsupported", `${what} has ${type} numbers, and networks take floats`);
  }
  if (given && graph.inputs.length > 1) {
    throw new AuricleError(
      "argument",
      `${file}: has ${graph.inputs.length} inputs, and one shape was given; export it with fixed lengths`,
    );
  }
  const own = given ?? windowOf(graph.metadata, name, shape);
  if (own) return { name, shape: checkGiven(what, shape?.slice(1), own), open: openAxes(shape) };
  if (!shape || shape.length < 2) {
    throw new AuricleError(
      "unsupported",
      `${what} has ${shape ? `the shape [${shape.join(",")}]` : "no shape"}: its first axis must be the batch, with at least one more`,
    );
  }
  const lengths = shape
    .slice(1)
    .map((length) => (typeof length === "number" && length > 0 ? length : undefined));
  if (lengths.every((length) => length !== undefined)) return { name, shape: lengths, open: [] };
  const shown = shape.map((length) => length ?? "?").join(",");
  throw new AuricleError(
    "argument",
    `${what} is [${shown}]: give the shape of one example without the batch, as --input 1x64x100`,
  );
}

/** The axes of one example whose lengths the file leaves open. */
function openAxes(shape: OnnxInput["shape"] = []): number[] {
  return shape.slice(1).flatMap((length, axis) => (typeof length === "number" ? [] : [axis]));
}

function checkGiven(what: string, own: OnnxInput["shape"], given: Shape): Shape {
  const fits =
    !own ||
    (own.length === given.length &&
      own.every((length, i) => typeof length !== "number" || length === given[i]));
  if (!given.every(isCount) || given.length === 0 || !fits) {
    throw new AuricleError(
      "argument",
      `${what} takes examples of [${own?.map((length) => length ?? "?").join(",") ?? ""}]; got ${formatShape(given)}`,
    );
  }
  return given;
}

/** The graph with numbers in place of inputs. @throws AuricleError "argument" for names that are no inputs of one number */
export function withSettings(
  graph: OnnxGraph,
  settings: Readonly<Record<string, number>>,
  file: string,
): OnnxGraph {
  const constants = new Map(graph.constants);
  for (const [name, value] of Object.entries(settings)) {
    const input = graph.inputs.find((one) => one.name === name);
    const shape = input?.shape?.map(() => 1);
    if (!input?.type || !shape || input.shape?.some((length) => length !== 1)) {
      const names = graph.inputs.map((one) => shownValue(one.name)).join(", ");
      throw new AuricleError(
        "argument",
        `${file}: ${shownValue(name)} is no input of one number; the inputs are ${names}`,
      );
    }
    constants.set(name, knownValue([inType(input.type)(value)], shape, input.type));
  }
  const inputs = graph.inputs.filter(({ name }) => !Object.hasOwn(settings, name));
  return { ...graph, constants, inputs };
}

/** The batch of all inputs, where it is fixed. @throws AuricleError "unsupported" where it differs */
function batchOf(graph: OnnxGraph, file: string): number | undefined {
  const batches = graph.inputs.map(({ shape }) => shape?.[0]).filter((length) => typeof length === "number");
  if (new Set(batches).size > 1) {
    throw new AuricleError(
      "unsupported",
      `${file}: the inputs have batches of ${[...new Set(batches)].join(" and ")}, and must have one`,
    );
  }
  return batches[0];
}
