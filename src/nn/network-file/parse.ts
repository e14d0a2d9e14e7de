/** @file Reads a network file: a list of layers, or the graph that a model file stores. Browser-safe. */
import * as z from "zod/mini";
import { AuricleError } from "../../errors.ts";
import { checkValue } from "../../io/check-value.ts";
import type { FrontEndOptions } from "../../audio/front-end/config.ts";
import { networkSchema } from "../checkpoint/schema.ts";
import type { Layer, SymbolicTensor } from "../layer.ts";
import { layerFromConfig } from "../layers/registry.ts";
import { graphNetwork } from "../network-builders.ts";
import { networkFromConfig } from "../network-from-config.ts";
import type { Network } from "../network.ts";
import { input } from "../symbolic.ts";
import { didYouMean } from "../../options.ts";
import { checkBuilt, type BuildRequest, type NetworkDefinition } from "./definition.ts";

/** Stands in a layer's options for the number of outputs. */
export const CLASSES = "classes";

const shape = z.array(z.int().check(z.positive())).check(z.minLength(1));
const inputs = z.array(z.string()).check(z.minLength(1));

const layerSchema = z.strictObject({
  className: z.string(),
  config: z._default(z.record(z.string(), z.unknown()), {}),
  /** Names of layers, or "input"; default the layer above. */
  inputs: z.optional(inputs),
});

/** Another use of a layer that stands above, with the same weights; a name for its output, where others take that. */
const useSchema = z.strictObject({ use: z.string(), name: z.optional(z.string()), inputs });

const about = {
  $schema: z.optional(z.string()),
  name: z.optional(z.string().check(z.minLength(1))),
  description: z.optional(z.string()),
  frontEnd: z.optional(z.looseObject({ kind: z.string() })),
  windowSeconds: z.optional(z.number().check(z.positive())),
};

const listSchema = z.strictObject({
  ...about,
  inputShape: z.optional(shape),
  axisNames: z.optional(z.array(z.string())),
  layers: z.array(z.union([layerSchema, useSchema])).check(z.minLength(1)),
});

/** The graph of a network as model files store it, with numbers for values. */
const graphSchema = z.strictObject({ ...about, ...networkSchema.def.shape });

type LayerList = z.output<typeof listSchema>;
type LayerEntry = LayerList["layers"][number];

/** The name of the network's input in `inputs`. */
export const INPUT = "input";

/**
 * Reads the text of a network file: JSON with `layers`, each with the `className` and the `config` that model files and
 * `network.config` have. Layers follow each other unless they name their `inputs`; the option `"units": "classes"` takes the
 * number of classes. A graph with `nodes`, as `network.config` gives it, is taken as well.
 * @param file its path, which messages begin with
 * @throws AuricleError "argument" for text that is no such file
 */
export function parseNetworkFile(text: string, file: string): NetworkDefinition {
  const value = parsed(text, file);
  const isGraph = typeof value === "object" && value !== null && "nodes" in value;
  return isGraph
    ? graphDefinition(checked(graphSchema, value, file), file)
    : listDefinition(checked(listSchema, value, file), file);
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AuricleError("argument", `${file}: must be JSON; ${reason}`, { cause });
  }
}

function checked<S extends z.ZodMiniType>(schema: S, value: unknown, file: string): z.output<S> {
  const result = checkValue(schema, value);
  if (result.success) return result.data;
  throw new AuricleError(
    "argument",
    `${file}: must describe a network, as { "layers": [{ "className": "Dense", "config": { "units": "classes" } }] }:\n${result.problem}`,
  );
}

function graphDefinition(graph: z.output<typeof graphSchema>, file: string): NetworkDefinition {
  const { frontEnd, ...config } = graph;
  return {
    ...describe({ ...config, ...(frontEnd && { frontEnd }) }),
    inputShape: config.inputs[0].shape,
    build(request) {
      const layers = config.layers.map((layer) => ({
        ...layer,
        config: withClasses(layer.config, request.classes),
      }));
      const [first, ...others] = config.inputs;
      const network = inFile(file, () =>
        networkFromConfig({
          ...config,
          seed: request.seed,
          layers,
          inputs: [{ ...first, shape: request.inputShape }, ...others],
        }),
      );
      return checkBuilt(file, network, request);
    },
  };
}

function listDefinition(list: LayerList, file: string): NetworkDefinition {
  return {
    ...describe(list),
    ...(list.inputShape && { inputShape: list.inputShape }),
    build: (request) => checkBuilt(file, buildList(list, file, request), request),
  };
}

function describe({
  name = "network",
  description,
  frontEnd,
  windowSeconds,
}: Pick<LayerList, "name" | "description" | "frontEnd" | "windowSeconds">): Omit<NetworkDefinition, "build"> {
  return {
    name,
    ...(description !== undefined && { description }),
    // The front end's own checks name the fault when it is made.
    ...(frontEnd && { frontEnd: frontEnd as FrontEndOptions }),
    ...(windowSeconds !== undefined && { windowSeconds }),
  };
}

function buildList(list: LayerList, file: string, { inputShape, classes, seed }: BuildRequest): Network {
  const entry = input({
    shape: inputShape,
    ...(list.axisNames?.length === inputShape.length && { axisNames: list.axisNames }),
  });
  const values = new Map<string, SymbolicTensor>([[INPUT, entry]]);
  const layers = new Map<string, Layer>();
  let above = entry;
  list.layers.forEach((one, i) => {
    const where = `${file}: layers[${i}] (${"use" in one ? one.use : one.className})`;
    above = inFile(where, () => {
      const layer = layerOf(one, layers, classes);
      const taken = one.inputs?.map((name) => valueNamed(name, values)) ?? [above];
      const output = layer.apply(taken.length === 1 ? taken[0] : taken);
      const name = "use" in one ? one.name : layer.name;
      if (name === undefined) return output;
      if (values.has(name)) throw new AuricleError("argument", `the name "${name}" is taken`);
      values.set(name, output);
      if (!("use" in one)) layers.set(name, layer);
      return output;
    });
  });
  return inFile(file, () =>
    graphNetwork({ inputs: entry, outputs: above }, { name: list.name ?? "network", seed }),
  );
}

function layerOf(entry: LayerEntry, layers: ReadonlyMap<string, Layer>, classes: number): Layer {
  if (!("use" in entry)) return layerFromConfig({ ...entry, config: withClasses(entry.config, classes) });
  const layer = layers.get(entry.use);
  if (layer) return layer;
  throw unknownName("use", entry.use, [...layers.keys()]);
}

function valueNamed(name: string, values: ReadonlyMap<string, SymbolicTensor>): SymbolicTensor {
  const value = values.get(name);
  if (value) return value;
  throw unknownName("inputs", name, [...values.keys()]);
}

function unknownName(what: string, name: string, names: readonly string[]): AuricleError {
  const above = names.length > 0 ? names.join(", ") : "none, as no layer has a name";
  return new AuricleError(
    "argument",
    `${what} must name what stands above (${above}); got "${name}"${didYouMean(name, names)}`,
  );
}

/** A layer's options with the number of classes where the file asks for it. */
function withClasses(config: Readonly<Record<string, unknown>>, classes: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, value === CLASSES ? classes : value]),
  );
}

/** Runs a step of building, whose errors then name the place in the file. */
function inFile<T>(where: string, build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof AuricleError)) throw error;
    throw new AuricleError(error.code, `${where}: ${error.message}`, { cause: error });
  }
}
