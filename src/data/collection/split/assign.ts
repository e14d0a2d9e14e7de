/**
 * @file Distributes sets of examples over parts so that each part gets its share of every stratum. Browser-safe.
 *
 * The rule is that of iterative stratification (Sechidis, Tsoumakas, Vlahavas: On the Stratification of Multi-label
 * Data, ECML PKDD 2011) carried over to sets: one set after the other, in random order, goes where its strata are
 * needed most. Sets of several examples may fit badly, so several orders are tried and the best one is kept.
 */

import { deriveKey, Generator } from "../../../random/generator.ts";
import { apportion } from "../../split.ts";
import type { Strata } from "./strata.ts";

/** How many random orders are tried where sets hold several examples. */
const ORDERS = 16;

/** About as many steps as all orders together may take, so that large collections try fewer. */
const MOST_STEPS = 2_000_000;

export interface AssignOptions {
  /** Sets of example indices that must not come apart. */
  readonly units: readonly (readonly number[])[];
  readonly strata: Strata;
  /** Each part's share, all above 0, with sum 1. */
  readonly fractions: readonly number[];
  /** The part that must have an example of every stratum that occurs, if any. */
  readonly completePart: number | undefined;
  /** The parts in which a set may be, the complete part among them; default: all, for each set. */
  readonly allowed?: (unit: number) => readonly number[];
  readonly seed: number;
}

/** How many examples of each stratum are in a set. */
type StratumCounts = readonly { readonly stratum: number; readonly count: number }[];

interface Problem {
  readonly unitCounts: readonly StratumCounts[];
  /** The number of examples in all, by stratum. */
  readonly totals: readonly number[];
  /** Wanted: `quotas[stratum][part]`. */
  readonly quotas: readonly (readonly number[])[];
  readonly parts: number;
  readonly completePart: number | undefined;
  /** The parts in which each unit may be: `allowed[unit]`. */
  readonly allowed: readonly (readonly number[])[];
}

interface Assignment {
  readonly partOf: Int32Array;
  /** `counts[stratum][part]` */
  readonly counts: number[][];
}

/** The part of each unit. Same seed, same parts; a part may stay empty where there are too few units. */
export function assignUnits(options: AssignOptions): Int32Array {
  const { units, strata, seed } = options;
  const problem = describeProblem(options);
  const random = new Generator(deriveKey(seed, "split-units"));
  const areSingle = units.every((unit) => unit.length === 1);
  const tries = areSingle && strata.areDisjoint ? 1 : Math.min(ORDERS, Math.ceil(MOST_STEPS / units.length));
  const order = Uint32Array.from(units, (_, i) => i);
  let best: Assignment | undefined;
  let least = Infinity;
  for (let i = 0; i < tries && least > 0; i++) {
    random.shuffle(order);
    // Units that have few parts to be in come first: the others make up for them.
    order.sort((a, b) => problem.allowed[a].length - problem.allowed[b].length);
    const assignment = assignInOrder(problem, order);
    repair(problem, assignment);
    const cost = costOf(problem, assignment);
    if (best && cost >= least) continue;
    best = assignment;
    least = cost;
  }
  return best?.partOf ?? new Int32Array();
}

function describeProblem({ units, strata, fractions, completePart, allowed }: AssignOptions): Problem {
  const { count, areDisjoint } = strata;
  const totals = new Array<number>(count + 1).fill(0);
  const unitCounts = units.map((unit) => {
    const counts = new Map<number, number>();
    const add = (stratum: number) => counts.set(stratum, (counts.get(stratum) ?? 0) + 1);
    for (const example of unit) {
      strata.ofExample[example].forEach(add);
      // All examples together are a stratum too: where others overlap, they do not settle how many each part gets.
      if (!areDisjoint) add(count);
    }
    for (const [stratum, number] of counts) totals[stratum] += number;
    return [...counts].map(([stratum, number]) => ({ stratum, count: number }));
  });
  // What rounding leaves over is carried from stratum to stratum.
  const owed = fractions.map(() => 0);
  const quotas = totals.map((total, stratum) =>
    apportion(total, fractions, stratum < count ? owed : fractions.map(() => 0)),
  );
  if (completePart !== undefined) {
    quotas.forEach((quota) => {
      const giver = quota.indexOf(Math.max(...quota));
      if (quota[completePart] > 0 || quota[giver] === 0) return;
      quota[giver]--;
      quota[completePart]++;
    });
  }
  const everywhere = fractions.map((_, part) => part);
  return {
    unitCounts,
    totals,
    quotas,
    parts: fractions.length,
    completePart,
    allowed: units.map((_, unit) => allowed?.(unit) ?? everywhere),
  };
}

function assignInOrder(problem: Problem, order: Uint32Array): Assignment {
  const { unitCounts, quotas, totals, parts, allowed } = problem;
  const partOf = new Int32Array(unitCounts.length);
  const counts = quotas.map((quota) => quota.map(() => 0));
  const sizes = new Array<number>(parts).fill(0);
  for (const unit of order) {
    let [best] = allowed[unit];
    let greatest = -Infinity;
    for (const part of allowed[unit]) {
      let need = 0;
      for (const { stratum, count } of unitCounts[unit]) {
        need += (count * (quotas[stratum][part] - counts[stratum][part])) / totals[stratum];
      }
      if (need > greatest || (need === greatest && sizes[part] < sizes[best])) {
        best = part;
        greatest = need;
      }
    }
    partOf[unit] = best;
    sizes[best]++;
    for (const { stratum, count } of unitCounts[unit]) counts[stratum][best] += count;
  }
  return { partOf, counts };
}

/**
 * Gives the complete part a unit of each stratum that it lacks, and each empty part a unit that the others can
 * spare: the smallest that will do.
 */
function repair(problem: Problem, { partOf, counts }: Assignment): void {
  const { unitCounts, parts, completePart, allowed } = problem;
  const unitsIn = new Array<number>(parts).fill(0);
  for (const part of partOf) unitsIn[part]++;
  const lacking = completePart === undefined ? [] : counts.filter((count) => count[completePart] === 0);
  if (lacking.length === 0 && !unitsIn.includes(0)) return;

  const sizes = unitCounts.map(sizeOfUnit);
  const bySize = Array.from(sizes, (_, unit) => unit).sort((a, b) => sizes[a] - sizes[b] || a - b);
  const move = (unit: number, part: number) => {
    for (const { stratum, count } of unitCounts[unit]) {
      counts[stratum][partOf[unit]] -= count;
      counts[stratum][part] += count;
    }
    unitsIn[partOf[unit]]--;
    unitsIn[part]++;
    partOf[unit] = part;
  };
  if (completePart !== undefined) {
    counts.forEach((count, stratum) => {
      if (count[completePart] > 0) return;
      const unit = bySize.find((one) => unitCounts[one].some((has) => has.stratum === stratum));
      if (unit !== undefined) move(unit, completePart);
    });
  }
  const canSpare = (unit: number) => {
    const from = partOf[unit];
    if (unitsIn[from] < 2) return false;
    return from !== completePart || unitCounts[unit].every((has) => counts[has.stratum][from] > has.count);
  };
  for (let part = 0; part < parts; part++) {
    if (unitsIn[part] > 0) continue;
    const spare = bySize.find((unit) => allowed[unit].includes(part) && canSpare(unit));
    if (spare !== undefined) move(spare, part);
  }
}

function sizeOfUnit(counts: StratumCounts): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}

/**
 * 0 where every quota is met: the squared differences, relative to the size of the stratum. A part that lacks a stratum it
 * should have says nothing about it, which is worse than any difference in number, and an empty part is worst.
 */
function costOf({ quotas, totals, parts, unitCounts }: Problem, { counts, partOf }: Assignment): number {
  let cost = 0;
  quotas.forEach((quota, stratum) => {
    if (totals[stratum] === 0) return;
    for (let part = 0; part < parts; part++) {
      const count = counts[stratum][part];
      cost += (count - quota[part]) ** 2 / totals[stratum];
      if (count === 0 && quota[part] > 0) cost += quotas.length;
    }
  });
  const filled = new Set(partOf).size;
  return cost + (parts - filled) * parts * sumOf(unitCounts.map(sizeOfUnit)) * quotas.length;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
