/** @file A sweep file: what it may hold, and all its contradictions at once. */

import { dirname } from "#here/io/path";
import { didYouMean } from "../options.ts";
import { contradictionsIn, appliesTo, rowOf, withAbsolutePaths } from "../runs/index.ts";
import type { KindName, TrainingValues } from "../runs/index.ts";
import { DECIDING_NAMES } from "../runs/options/training-values.ts";
import { findKnownDataset } from "../data/registry.ts";
import { resolve } from "#here/io/path";
import { shownValue } from "../shown-value.ts";
import { fieldsOf, pointer, Problems } from "./problems.ts";
import { readSpace, type ReadContext } from "./read-space.ts";
import { SWEEP_METRICS, type SweepMetric } from "./scores.ts";
import { Draws, enumerate, isFinite, type Configuration, type Space } from "./space.ts";

export const STRATEGIES = ["grid", "random", "asha"] as const;
export type StrategyName = (typeof STRATEGIES)[number];

/** The numbers of asynchronous successive halving. */
export interface AshaSettings {
  /** The number of configurations on a rung of which one goes on. */
  readonly reduction: number;
  /** Epochs at which configurations are compared first; each further rung has `reduction` times as many. */
  readonly firstEpochs?: number;
  /** Configurations that count as under way at once, whatever the number that really run. */
  readonly concurrent: number;
}

/** The end of a search. */
export interface Budget {
  /** Trainings: one for each configuration and seed. */
  readonly runs?: number;
  /** Minutes of work, those before an interruption included. */
  readonly minutes?: number;
}

/** A sweep file that was read: without contradictions, its paths absolute. */
export interface Sweep {
  readonly data: string;
  /** Options of all trainings. */
  readonly base: TrainingValues;
  readonly space: Space;
  readonly strategy: StrategyName;
  readonly asha: AshaSettings;
  /** The seed of random draws. */
  readonly seed: number;
  /** Trainings of each configuration, with consecutive seeds from that of `base` on. */
  readonly seeds: number;
  /** Default: macro-F1 for classes, the loss for tags and numbers. */
  readonly metric?: SweepMetric;
  readonly budget: Budget;
}

export const DEFAULTS = {
  strategy: "random",
  seed: 0,
  seeds: 1,
  reduction: 3,
  concurrent: 4,
} as const;

/** The fields of a file. */
export const FIELDS = [
  ...(["$schema", "data", "base", "space", "strategy", "asha", "seed", "seeds", "metric", "budget"] as const),
];

/** Configurations of a grid, at most, and of others those that are looked at before anything runs. */
const MOST_CONFIGURATIONS = 10_000;
const LOOKED_AT = 1000;

/**
 * Reads a sweep file.
 * @param path the file's, for messages and for the paths in it
 * @param kindOf says what kind of training data are for, and throws where they are none
 * @throws AuricleError "file" that names everything that is wrong
 */
export async function readSweep(
  text: string,
  path: string,
  kindOf: (data: string) => Promise<KindName>,
): Promise<Sweep> {
  const problems = new Problems();
  const content = parsed(text, problems);
  const fields = fieldsOf(content);
  if (!fields) {
    if (problems.count === 0) problems.add("", `must be an object; got ${shownValue(content)}`);
    problems.throwIfAny(path);
    throw new Error("a file that holds no object has a problem");
  }
  const sweep = readFields(new Map(fields), { problems, folder: dirname(resolve(path)) });
  const kind = sweep.data === "" ? undefined : await kindOr(sweep.data, kindOf, problems);
  if (kind) checkKind(sweep, kind, problems);
  // Configurations of a file that is not whole would repeat its faults.
  if (problems.count === 0 && kind) checkConfigurations(sweep, kind, problems);
  problems.throwIfAny(path);
  return sweep;
}

function parsed(text: string, problems: Problems): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    problems.add("", `is not JSON (${String(error)})`);
    return undefined;
  }
}

async function kindOr(
  data: string,
  kindOf: (data: string) => Promise<KindName>,
  problems: Problems,
): Promise<KindName | undefined> {
  try {
    return await kindOf(data);
  } catch (error) {
    problems.add("/data", error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

function readFields(fields: ReadonlyMap<string, unknown>, context: ReadContext): Sweep {
  const { problems, folder } = context;
  for (const field of fields.keys()) {
    if (FIELDS.some((name) => name === field)) continue;
    problems.add(pointer("", field), `is no field of a sweep${didYouMean(field, FIELDS)}`);
  }
  const data = fields.get("data");
  if (typeof data !== "string" || data === "") {
    problems.add("/data", `must be a data set, a folder or a list; got ${shownValue(data)}`);
  }
  const base = readBase(fields.get("base"), context);
  const before = problems.count;
  const space = readSpace(fields.get("space"), "/space", context);
  const isWhole = problems.count === before;
  checkOverlap(base, space, problems);
  const strategy = oneOf(fields.get("strategy"), STRATEGIES, "/strategy", problems) ?? DEFAULTS.strategy;
  const sweep: Sweep = {
    data:
      typeof data !== "string" || data === "" ? "" : findKnownDataset(data) ? data : resolve(folder, data),
    base,
    space,
    strategy,
    asha: readAsha(fields.get("asha"), strategy, problems),
    seed: whole(fields.get("seed"), 0, "/seed", problems) ?? DEFAULTS.seed,
    seeds: whole(fields.get("seeds"), 1, "/seeds", problems) ?? DEFAULTS.seeds,
    metric: oneOf(fields.get("metric"), SWEEP_METRICS, "/metric", problems),
    budget: readBudget(fields.get("budget"), problems),
  };
  checkBudget(sweep, problems);
  // Of a space with faults, the number of configurations is not that of the one that is meant.
  if (isWhole) checkNumber(sweep, problems);
  if (strategy === "asha") checkRungs(sweep, problems);
  return sweep;
}

function readBase(content: unknown, { problems, folder }: ReadContext): TrainingValues {
  if (content === undefined) return {};
  const fields = fieldsOf(content);
  if (!fields) {
    problems.add("/base", `must be an object with training options; got ${shownValue(content)}`);
    return {};
  }
  const values = fields.flatMap(([field, value]) => {
    const path = pointer("/base", field);
    const name = DECIDING_NAMES.find((one) => one === field);
    if (name === undefined) {
      problems.add(path, `is no training option that decides a result${didYouMean(field, DECIDING_NAMES)}`);
      return [];
    }
    const read = rowOf(name).type.schema.safeParse(value);
    if (read.success) return [[name, read.data] as const];
    problems.add(path, `${name} ${read.error.issues[0].message}; got ${shownValue(value)}`);
    return [];
  });
  const base = withAbsolutePaths(Object.fromEntries(values) as TrainingValues, folder);
  const { split, validation, officialSplit } = base;
  if (validation === 0 || (split?.[1] === 0 && officialSplit === false)) {
    const path = validation === 0 ? "/base/validation" : "/base/split";
    problems.add(path, "holds nothing out for validation, by which a sweep chooses");
  }
  return base;
}

/** An option that the space always sets cannot have another value in base. */
function checkOverlap(base: TrainingValues, space: Space, problems: Problems): void {
  for (const { name, cases } of space) {
    if (base[name] === undefined || cases.every(({ when }) => when.size > 0)) continue;
    problems.add(
      pointer("/base", name),
      "is in space too, whose values always replace it: remove one of them",
    );
  }
}

function readAsha(content: unknown, strategy: StrategyName, problems: Problems): AshaSettings {
  const { reduction, concurrent } = DEFAULTS;
  if (content === undefined) return { reduction, concurrent };
  if (strategy !== "asha") problems.add("/asha", `has no meaning with the strategy ${strategy}: remove it`);
  const fields = fieldsOf(content);
  if (!fields) {
    problems.add("/asha", `must be an object; got ${shownValue(content)}`);
    return { reduction, concurrent };
  }
  const known = ["reduction", "firstEpochs", "concurrent"];
  for (const [field] of fields) {
    if (!known.includes(field)) {
      problems.add(pointer("/asha", field), `is no field of asha${didYouMean(field, known)}`);
    }
  }
  const values = new Map(fields);
  const firstEpochs = whole(values.get("firstEpochs"), 1, "/asha/firstEpochs", problems);
  return {
    reduction: whole(values.get("reduction"), 2, "/asha/reduction", problems) ?? reduction,
    concurrent: whole(values.get("concurrent"), 1, "/asha/concurrent", problems) ?? concurrent,
    ...(firstEpochs !== undefined && { firstEpochs }),
  };
}

function readBudget(content: unknown, problems: Problems): Budget {
  if (content === undefined) return {};
  const fields = fieldsOf(content);
  if (!fields) {
    problems.add("/budget", `must be an object with runs or minutes; got ${shownValue(content)}`);
    return {};
  }
  const known = ["runs", "minutes"];
  for (const [field] of fields) {
    if (!known.includes(field)) {
      problems.add(pointer("/budget", field), `is no field of budget${didYouMean(field, known)}`);
    }
  }
  const values = new Map(fields);
  const runs = whole(values.get("runs"), 1, "/budget/runs", problems);
  const minutes = values.get("minutes");
  const isTime = typeof minutes === "number" && Number.isFinite(minutes) && minutes > 0;
  if (minutes !== undefined && !isTime) {
    problems.add("/budget/minutes", `must be a number above 0; got ${shownValue(minutes)}`);
  }
  return { ...(runs !== undefined && { runs }), ...(isTime && { minutes }) };
}

function checkBudget({ strategy, seeds, budget: { runs, minutes } }: Sweep, problems: Problems): void {
  if (runs !== undefined && runs < seeds) {
    const why = "not one configuration could be trained";
    problems.add("/budget/runs", `is below seeds, ${seeds}: ${why}; got ${runs}`);
  }
  if (strategy !== "grid" && runs === undefined && minutes === undefined) {
    problems.add("/budget", `must state runs or minutes: the strategy ${strategy} has no end of its own`);
  }
}

/** The number of configurations that there are, and that are asked for. */
function checkNumber({ strategy, space, seeds, budget: { runs } }: Sweep, problems: Problems): void {
  const asked = runs === undefined ? undefined : Math.floor(runs / seeds);
  if (strategy === "grid") return checkGrid(space, asked, seeds, problems);
  if (asked === undefined || !isFinite(space)) return;
  const all = enumerate(space, asked).length;
  if (all < asked) {
    problems.add(
      "/budget/runs",
      `asks for ${asked} configurations, and the space has ${all}: take the strategy grid, or widen the space`,
    );
  }
}

function checkGrid(space: Space, most: number | undefined, seeds: number, problems: Problems): void {
  for (const { name, cases } of space) {
    for (const { range } of cases) {
      if ((range.kind !== "uniform" && range.kind !== "logUniform") || range.points !== undefined) continue;
      problems.add(
        pointer("/space", name),
        `has a continuum of values, and a grid takes all: add "points", give a list, or take the strategy random`,
      );
    }
  }
  if (!isFinite(space)) return;
  const all = enumerate(space, MOST_CONFIGURATIONS + 1).length;
  if (all > MOST_CONFIGURATIONS) {
    problems.add("/space", `has more than ${MOST_CONFIGURATIONS} configurations: a grid trains each of them`);
  } else if (most !== undefined && most < all) {
    const each = seeds === 1 ? "" : ` with ${seeds} seeds each`;
    problems.add(
      "/budget/runs",
      `does not suffice for the ${all} configurations of the grid${each}: it must be ${all * seeds}, or left out; or take the strategy random`,
    );
  }
}

function checkRungs({ base, space, asha, budget, seeds }: Sweep, problems: Problems): void {
  const searched = space.find(({ name }) => name === "epochs");
  if (searched) {
    problems.add(
      "/space/epochs",
      "cannot be searched with asha, which compares runs after the same part of one schedule: set it in base",
    );
  }
  const { epochs } = base;
  if (epochs === undefined) {
    if (!searched) problems.add("/base", "must state epochs with asha: those of a whole training");
    return;
  }
  if (epochs < 2) problems.add("/base/epochs", "must be 2 or more with asha, which stops runs before");
  else if (asha.firstEpochs !== undefined && asha.firstEpochs >= epochs) {
    problems.add("/asha/firstEpochs", `must be below base/epochs, ${epochs}; got ${asha.firstEpochs}`);
  }
  const configurations = budget.runs === undefined ? Infinity : Math.floor(budget.runs / seeds);
  if (configurations >= 1 && configurations < asha.reduction) {
    problems.add(
      "/budget/runs",
      `makes ${configurations} configurations, and one of ${asha.reduction} goes on (asha/reduction): none would be stopped`,
    );
  }
}

/** Options that the data have no use for. */
function checkKind({ base, space }: Sweep, kind: KindName, problems: Problems): void {
  const why = `is for ${kind === "images" ? "sound" : "images"}, and these data are ${kind}`;
  for (const name of DECIDING_NAMES) {
    if (appliesTo(name, kind)) continue;
    if (base[name] !== undefined) problems.add(pointer("/base", name), why);
    if (space.some((one) => one.name === name)) problems.add(pointer("/space", name), why);
  }
}

/** Options that contradict each other in one of the trainings that would run. */
function checkConfigurations(sweep: Sweep, kind: KindName, problems: Problems): void {
  const { base, space } = sweep;
  const source = configurationsOf(sweep);
  for (let i = 0; i < LOOKED_AT; i++) {
    const configuration = source(i);
    if (!configuration) break;
    const values = { ...base, ...configuration };
    for (const problem of contradictionsIn(values, kind, (name) => name)) {
      problems.add("/space", `${inWords(configuration)}: ${problem}`);
      if (problems.count > 100) return;
    }
    const { from, transfer = "frozen" } = values;
    if (from === undefined || transfer !== "frozen") continue;
    for (const { name } of space) {
      if (configuration[name] === undefined || !rowOf(name).unusedWhenFrozen) continue;
      problems.add(
        pointer("/space", name),
        'has no meaning where the network of "from" stays frozen: set transfer in base, or add a "when"',
      );
    }
  }
}

function inWords(configuration: Configuration): string {
  return Object.entries(configuration)
    .map(([name, value]) => `${name} ${shownValue(value)}`)
    .join(", ");
}

/** The configurations of a sweep by their numbers, from 0; undefined after the last. */
export function configurationsOf({
  strategy,
  space,
  seed,
  seeds,
  budget: { runs },
}: Pick<Sweep, "strategy" | "space" | "seed" | "seeds" | "budget">): (
  index: number,
) => Configuration | undefined {
  if (strategy === "grid") {
    const all = enumerate(space, MOST_CONFIGURATIONS);
    return (index) => all.at(index);
  }
  const draws = new Draws(space, seed);
  const most = runs === undefined ? Infinity : Math.floor(runs / seeds);
  return (index) => (index < most ? draws.at(index) : undefined);
}

function oneOf<const Name extends string>(
  content: unknown,
  names: readonly Name[],
  path: string,
  problems: Problems,
): Name | undefined {
  if (content === undefined) return undefined;
  const name = names.find((one) => one === content);
  if (name === undefined) {
    const close = typeof content === "string" ? didYouMean(content, names) : "";
    problems.add(path, `must be one of ${names.join(", ")}; got ${shownValue(content)}${close}`);
  }
  return name;
}

function whole(content: unknown, least: number, path: string, problems: Problems): number | undefined {
  if (content === undefined) return undefined;
  if (typeof content === "number" && Number.isSafeInteger(content) && content >= least) return content;
  problems.add(path, `must be a whole number, ${least} or more; got ${shownValue(content)}`);
  return undefined;
}
