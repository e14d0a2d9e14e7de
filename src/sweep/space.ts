/** @file The configurations of a search space: in turn, or drawn at random. */

import { deriveKey, Generator } from "../random/generator.ts";
import type { OptionName, TrainingValues } from "../runs/index.ts";
import { countOf, draw, valueAt, type Range } from "./ranges.ts";

/** A range, and the values of other options without which it does not apply. */
export interface Case {
  readonly range: Range;
  readonly when: ReadonlyMap<OptionName, readonly unknown[]>;
}

/** One option of the space. The first case that applies gives the values; where none does, the option is left out. */
export interface Dimension {
  readonly name: OptionName;
  readonly cases: readonly Case[];
}

/** All options, each after those that its conditions name. */
export type Space = readonly Dimension[];

/** Values of the options of a space by their names. */
export type Configuration = TrainingValues;

type Chosen = Readonly<Record<string, unknown>>;

function caseFor({ cases }: Dimension, chosen: Chosen): Case | undefined {
  return cases.find(({ when }) =>
    [...when].every(
      ([name, values]) => name in chosen && values.some((value) => isSame(value, chosen[name])),
    ),
  );
}

/** Whether two values of an option are equal. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Whether every option has countably many values. */
export function isFinite(space: Space): boolean {
  return space.every(({ cases }) => cases.every(({ range }) => countOf(range) !== undefined));
}

/** All configurations of a finite space, the last option changing quickest; no more than `most`. */
export function enumerate(space: Space, most: number): Configuration[] {
  const all: Chosen[] = [];
  const visit = (depth: number, chosen: Chosen): void => {
    if (all.length >= most) return;
    if (depth === space.length) {
      all.push(chosen);
      return;
    }
    const range = caseFor(space[depth], chosen)?.range;
    if (!range) return visit(depth + 1, chosen);
    const count = countOf(range) ?? 0;
    for (let i = 0; i < count && all.length < most; i++) {
      visit(depth + 1, { ...chosen, [space[depth].name]: valueAt(range, i) });
    }
  };
  visit(0, {});
  return all as Configuration[];
}

/** Draws in a row that were drawn before, after which a space counts as exhausted. */
const MOST_REPEATED = 500;

/**
 * Configurations drawn at random, no two equal. Each draw of each option has a random number of its own, so number i does not depend
 * on how many are drawn, and an option that is added leaves the others' values.
 */
export class Draws {
  private readonly space: Space;
  private readonly seed: number;
  private readonly drawn: Configuration[] = [];
  private readonly known = new Set<string>();
  private attempts = 0;
  private isExhausted = false;

  constructor(space: Space, seed: number) {
    this.space = space;
    this.seed = seed;
  }

  /** The configuration of that number, from 0; undefined where the space has no more. */
  at(index: number): Configuration | undefined {
    while (this.drawn.length <= index && !this.isExhausted) this.drawNext();
    return this.drawn[index];
  }

  private drawNext(): void {
    for (let repeated = 0; repeated < MOST_REPEATED; repeated++) {
      const configuration = this.attempt(this.attempts++);
      const text = JSON.stringify(configuration);
      if (this.known.has(text)) continue;
      this.known.add(text);
      this.drawn.push(configuration);
      return;
    }
    this.isExhausted = true;
  }

  private attempt(number: number): Configuration {
    let chosen: Chosen = {};
    for (const dimension of this.space) {
      const found = caseFor(dimension, chosen);
      if (!found) continue;
      const { name, cases } = dimension;
      const key = deriveKey(this.seed, "sweep", name, cases.indexOf(found), number);
      chosen = { ...chosen, [name]: draw(found.range, new Generator(key)) };
    }
    return chosen as Configuration;
  }
}
