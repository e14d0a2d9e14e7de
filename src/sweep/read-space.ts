/** @file Reading a search space: ranges, conditions, and their contradictions. */

import { didYouMean } from "../options.ts";
import { OPTION_NAMES, rowOf, withAbsolutePath, type OptionName } from "../runs/index.ts";
import { shownValue } from "../shown-value.ts";
import { fieldsOf, pointer, type Problems } from "./problems.ts";
import type { Range } from "./ranges.ts";
import { isSame, type Case, type Dimension, type Space } from "./space.ts";

/** The kinds of ranges as a file names them. */
export const RANGE_KINDS = ["values", "uniform", "logUniform", "integers"] as const;
type RangeKind = (typeof RANGE_KINDS)[number];

/** The options on which it depends which examples validate, so that figures under different values cannot be compared. */
const DECIDES_VALIDATION: readonly OptionName[] = [
  ...(["split", "splitSeed", "fold", "splitName", "officialSplit", "duplicates", "validation"] as const),
  ...(["forceSplit", "task"] as const),
];

/** The options of which a space can have values. */
export const SEARCHABLE = OPTION_NAMES.filter(
  (name) => rowOf(name).changesBits && name !== "seed" && !DECIDES_VALIDATION.includes(name),
);

export interface ReadContext {
  readonly problems: Problems;
  /** The folder that paths are relative to. */
  readonly folder: string;
}

/** Reads the field `space`. What is wrong goes to the problems; the rest is read all the same. */
export function readSpace(content: unknown, path: string, context: ReadContext): Space {
  const { problems } = context;
  const fields = fieldsOf(content);
  if (!fields) {
    problems.add(path, `must be an object of options and ranges; got ${shownValue(content)}`);
    return [];
  }
  if (fields.length === 0) problems.add(path, "has no option: name at least one to search");
  const dimensions = fields.flatMap(([field, value]): Dimension[] => {
    const own = pointer(path, field);
    const name = searchable(field, own, problems);
    return name ? [{ name, cases: readCases(name, value, own, context) }] : [];
  });
  checkConditions(dimensions, path, problems);
  return inOrder(dimensions, path, problems);
}

function searchable(field: string, path: string, problems: Problems): OptionName | undefined {
  const name = SEARCHABLE.find((one) => one === field);
  if (name !== undefined) return name;
  if (field === "seed") {
    problems.add(path, 'cannot be searched: the best seed is chance; give "seeds" a number above 1 instead');
  } else if (DECIDES_VALIDATION.some((one) => one === field)) {
    problems.add(
      path,
      "cannot be searched: it decides which examples validate, so that results could not be compared; set it in base",
    );
  } else problems.add(path, `is no training option that decides a result${didYouMean(field, SEARCHABLE)}`);
  return undefined;
}

function readCases(name: OptionName, value: unknown, path: string, context: ReadContext): Case[] {
  const cases = fieldsOf(value)?.find(([field]) => field === "cases")?.[1];
  if (cases === undefined) return readCase(name, value, path, context);
  const { problems } = context;
  for (const [field] of fieldsOf(value) ?? []) {
    if (field !== "cases")
      problems.add(pointer(path, field), 'cannot stand beside "cases": put it into them');
  }
  const place = pointer(path, "cases");
  if (!Array.isArray(cases) || cases.length === 0) {
    problems.add(place, `must be a list of ranges; got ${shownValue(cases)}`);
    return [];
  }
  const read = cases.map((one: unknown, i) => readCase(name, one, pointer(place, i), context));
  const open = read.findIndex(([one], i) => i < read.length - 1 && one?.when.size === 0);
  if (open >= 0) {
    problems.add(
      pointer(place, open),
      'has no "when" and hides the cases after it: give it one, or put it last',
    );
  }
  return read.flat();
}

function readCase(name: OptionName, value: unknown, path: string, context: ReadContext): Case[] {
  const { problems } = context;
  if (Array.isArray(value)) {
    const range = readValues(name, value, path, context);
    return range ? [{ range, when: new Map() }] : [];
  }
  const fields = new Map(fieldsOf(value));
  const kinds = RANGE_KINDS.filter((kind) => fields.has(kind));
  if (kinds.length !== 1) {
    const came = kinds.length === 0 ? shownValue(value) : kinds.join(" and ");
    problems.add(
      path,
      `must be a list of values, or an object with one of ${RANGE_KINDS.join(", ")}; got ${came}`,
    );
    return [];
  }
  const [kind] = kinds;
  const extra = { uniform: "points", logUniform: "points", integers: "step", values: undefined }[kind];
  for (const field of fields.keys()) {
    if (field === kind || field === "when" || field === extra) continue;
    const known = [kind, "when", ...(extra ? [extra] : [])];
    problems.add(
      pointer(path, field),
      `has no meaning here: beside ${kind} there may be ${known.slice(1).join(", ")}`,
    );
  }
  const when = readWhen(fields.get("when"), pointer(path, "when"), context);
  const bounds = pointer(path, kind);
  const range =
    kind === "values"
      ? readValues(name, fields.get(kind), bounds, context)
      : readInterval(name, kind, fields.get(kind), bounds, problems);
  if (!range) return [];
  const count = extra && fields.get(extra);
  return [{ range: withCount(range, count, pointer(path, extra ?? ""), problems), when }];
}

function readValues(
  name: OptionName,
  content: unknown,
  path: string,
  context: ReadContext,
): Range | undefined {
  const { problems, folder } = context;
  if (!Array.isArray(content) || content.length === 0) {
    problems.add(path, `must be a list of at least one value; got ${shownValue(content)}`);
    return undefined;
  }
  const values: unknown[] = [];
  content.forEach((value: unknown, i) => {
    const read = valueOf(name, value, pointer(path, i), problems);
    if (read === undefined) return;
    const whole = withAbsolutePath(name, read, folder);
    if (values.some((other) => isSame(other, whole))) {
      problems.add(pointer(path, i), `is in the list already: ${shownValue(value)}`);
    }
    values.push(whole);
  });
  return values.length > 0 ? { kind: "values", values } : undefined;
}

/** A value that the option takes; undefined where it does not, which is a problem. */
function valueOf(name: OptionName, value: unknown, path: string, problems: Problems): unknown {
  const read = rowOf(name).type.schema.safeParse(value);
  if (read.success) return read.data;
  problems.add(path, `${name} ${read.error.issues[0].message}; got ${shownValue(value)}`);
  return undefined;
}

function readInterval(
  name: OptionName,
  kind: Exclude<RangeKind, "values">,
  content: unknown,
  path: string,
  problems: Problems,
): Range | undefined {
  const before = problems.count;
  const bounds = numbersIn(content);
  if (bounds?.length !== 2) {
    problems.add(path, `must be two numbers, the lower first; got ${shownValue(content)}`);
    return undefined;
  }
  const [low, high] = bounds;
  if (!(low < high)) problems.add(path, `must have the lower number first; got ${shownValue(content)}`);
  if (kind === "logUniform" && !(low > 0)) problems.add(path, `must lie above 0; got ${shownValue(content)}`);
  if (problems.count > before) return undefined;
  const { schema } = rowOf(name).type;
  // Of these, no option that takes whole numbers takes all.
  const samples = kind === "integers" ? [low, high] : [low, high, low + (high - low) / Math.E];
  for (const value of samples) {
    const read = schema.safeParse(value);
    if (read.success && typeof read.data === "number") continue;
    const isWhole = kind !== "integers" && [low, high].every((one) => schema.safeParse(one).success);
    const instead = isWhole ? "; take integers, or a list" : "; take a list";
    const why = read.success ? "takes no numbers" : read.error.issues[0].message;
    problems.add(path, `${name} ${why}, and this range has ${shownValue(value)}${instead}`);
    break;
  }
  if (problems.count > before) return undefined;
  return kind === "integers" ? { kind, low, high, step: 1 } : { kind, low, high };
}

function numbersIn(content: unknown): readonly number[] | undefined {
  return Array.isArray(content) && content.every((one): one is number => typeof one === "number")
    ? content
    : undefined;
}

/** Adds the number of points or the step, where there is one. */
function withCount(range: Range, count: unknown, path: string, problems: Problems): Range {
  if (count === undefined || range.kind === "values") return range;
  const least = range.kind === "integers" ? 1 : 2;
  if (typeof count !== "number" || !Number.isInteger(count) || count < least) {
    problems.add(path, `must be a whole number, ${least} or more; got ${shownValue(count)}`);
    return range;
  }
  return range.kind === "integers" ? { ...range, step: count } : { ...range, points: count };
}

function readWhen(content: unknown, path: string, context: ReadContext): Case["when"] {
  if (content === undefined) return new Map();
  const { problems, folder } = context;
  const fields = fieldsOf(content);
  if (!fields || fields.length === 0) {
    problems.add(
      path,
      `must name options and their values, as {"optimizer": "sgd"}; got ${shownValue(content)}`,
    );
    return new Map();
  }
  return new Map(
    fields.flatMap(([field, given]) => {
      const own = pointer(path, field);
      const name = SEARCHABLE.find((one) => one === field);
      if (name === undefined) {
        problems.add(own, `is no option that can be searched${didYouMean(field, SEARCHABLE)}`);
        return [];
      }
      const values: readonly unknown[] = Array.isArray(given) ? given : [given];
      const read = values.flatMap((value) => {
        const known = valueOf(name, value, own, problems);
        return known === undefined ? [] : [withAbsolutePath(name, known, folder)];
      });
      return [[name, read] as const];
    }),
  );
}

/** Conditions are about options of the space, and about values that these can have. */
function checkConditions(dimensions: readonly Dimension[], path: string, problems: Problems): void {
  for (const { name, cases } of dimensions) {
    for (const [other, values] of cases.flatMap(({ when }) => [...when])) {
      const place = pointer(path, name);
      const found = dimensions.find((one) => one.name === other);
      if (!found) {
        problems.add(
          place,
          `applies when ${other} has a value, and ${other} is not in the space: it never varies`,
        );
        continue;
      }
      const ranges = found.cases.map(({ range }) => range);
      if (ranges.some(({ kind }) => kind !== "values")) {
        problems.add(
          place,
          `applies when ${other} has a value, and ${other} has a range: conditions need a list`,
        );
        continue;
      }
      const possible = ranges.flatMap((range) => (range.kind === "values" ? range.values : []));
      for (const value of values) {
        if (possible.some((one) => isSame(one, value))) continue;
        problems.add(place, `applies when ${other} is ${shownValue(value)}, which it never is in this space`);
      }
    }
  }
}

/** Each option after those that its conditions name; otherwise in the file's order. */
function inOrder(dimensions: readonly Dimension[], path: string, problems: Problems): Space {
  const ordered: Dimension[] = [];
  let left = [...dimensions];
  while (left.length > 0) {
    const isFree = ({ cases }: Dimension) =>
      cases.every(({ when }) => [...when.keys()].every((name) => left.every((one) => one.name !== name)));
    const next = left.find(isFree);
    if (!next) {
      const names = left.map(({ name }) => name).join(", ");
      problems.add(path, `has conditions that go in a circle: ${names}`);
      return [...ordered, ...left];
    }
    ordered.push(next);
    left = left.filter((one) => one !== next);
  }
  return ordered;
}
