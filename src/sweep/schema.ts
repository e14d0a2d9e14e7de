/** @file The JSON Schema of a sweep file, for editors; docs/sweep.schema.json holds it. */

import { rowOf, type OptionName } from "../runs/index.ts";
import { SEARCHABLE } from "./read-space.ts";
import { SWEEP_METRICS } from "./scores.ts";
import { DEFAULTS, STRATEGIES } from "./sweep-file.ts";

/** The schema's place in a project that has the package installed. */
export const SWEEP_SCHEMA_PLACE = "./node_modules/auricle/docs/sweep.schema.json";

/** The schema of a training's options, which lies beside this one. */
const TRAINING = "training.schema.json";

/** Fields of an object that has no others. */
function closed(properties: Readonly<Record<string, object>>, required: readonly string[] = []): object {
  return {
    type: "object",
    additionalProperties: false,
    properties,
    ...(required.length > 0 && { required }),
  };
}

function whole(minimum: number, description: string, value?: number): object {
  return { type: "integer", minimum, description, ...(value !== undefined && { default: value }) };
}

const TWO_NUMBERS = { type: "array", items: { type: "number" }, minItems: 2, maxItems: 2 };

const WHEN = {
  description: "The values of other options of the space without which this range does not apply.",
  type: "object",
  minProperties: 1,
};

/** Ranges of numbers, whatever the option. */
const INTERVALS = {
  uniform: interval("uniform", { points: whole(2, "Only so many values, evenly spaced; a grid needs it.") }),
  logUniform: interval("logUniform", { points: whole(2, "Only so many, evenly spaced in their logarithm.") }),
  integers: interval("integers", { step: whole(1, "The distance of two values.", 1) }),
};

function interval(name: string, count: Readonly<Record<string, object>>): object {
  return closed({ [name]: TWO_NUMBERS, ...count, when: WHEN }, [name]);
}

/** The ranges of one option: intervals only where it takes numbers. */
function rangeSchema(name: OptionName): object {
  const list = { type: "array", items: { $ref: `${TRAINING}#/properties/${name}` }, minItems: 1 };
  const { schema } = rowOf(name).type;
  const takesNumbers = [0, 0.5, 1, 2, 64].some((one) => schema.safeParse(one).success);
  const ranges = [
    list,
    closed({ values: list, when: WHEN }, ["values"]),
    ...(takesNumbers ? Object.keys(INTERVALS).map((kind) => ({ $ref: `#/$defs/${kind}` })) : []),
  ];
  // The ranges of a case are those that stand before.
  const first = ranges.map((_, i) => ({ $ref: `#/properties/space/properties/${name}/anyOf/${i}` }));
  const cases = { type: "array", items: { anyOf: first }, minItems: 1 };
  return { anyOf: [...ranges, closed({ cases }, ["cases"])] };
}

export function sweepFileSchema(): object {
  const space = SEARCHABLE.map((name) => [name, rangeSchema(name)]);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A sweep of Auricle",
    description: "A search for training options, as auricle sweep reads it.",
    ...closed(
      {
        $schema: { type: "string" },
        data: { type: "string", minLength: 1, description: "A data set, a folder or a list." },
        base: { description: "Options of all trainings, as --config reads them.", $ref: TRAINING },
        space: {
          description: "The options to search, each with a list of values or a range.",
          ...closed(Object.fromEntries(space) as Readonly<Record<string, object>>),
          minProperties: 1,
        },
        strategy: {
          enum: STRATEGIES,
          default: DEFAULTS.strategy,
          description: "All configurations, random ones, or asynchronous successive halving.",
        },
        asha: {
          description: "The numbers of asynchronous successive halving.",
          ...closed({
            reduction: whole(2, "Of so many configurations on a rung one goes on.", DEFAULTS.reduction),
            firstEpochs: whole(1, "The epochs of the first rung."),
            concurrent: whole(1, "Configurations that count as under way at once.", DEFAULTS.concurrent),
          }),
        },
        seed: whole(0, "The seed of random draws.", DEFAULTS.seed),
        seeds: whole(1, "Trainings of each configuration, compared by their mean.", DEFAULTS.seeds),
        metric: { enum: SWEEP_METRICS, description: "The figure by which configurations are compared." },
        budget: {
          description: "What ends the search.",
          ...closed({
            runs: whole(1, "Trainings: one for each configuration and seed."),
            minutes: { type: "number", exclusiveMinimum: 0, description: "Minutes of work." },
          }),
        },
      },
      ["data", "space"],
    ),
    $defs: INTERVALS,
  };
}
