/** @file Divides examples into training, validation and test parts without leaks. Browser-safe. */

import { AuricleError } from "../../../errors.ts";
import { checkOptions, type OptionNames } from "../../../options.ts";
import type { Collection, Example, ExampleLink, SplitRole } from "../collection.ts";
import { assignUnits } from "./assign.ts";
import { countRoles, partsUpTo, rolesBefore, type KnownExamples, type KnownRole } from "./known-examples.ts";
import { findLeaks, leakDescriber, type Leak } from "./leaks.ts";
import { DEFAULT_FRACTIONS, SPLIT_ROLES, type SplitFractions, type SplitParts } from "./parts.ts";
import { reportSplit, type SplitReport } from "./report.ts";
import { oneStratum, strataOf } from "./strata.ts";
import { unitsOf } from "./units.ts";

export interface SplitCollectionOptions {
  /** Sum 1; that of the training part is above 0, a part with 0 stays empty. Default 0.85, 0.10, 0.05. */
  readonly fractions?: SplitFractions;
  /** Same seed, same split. Default 0. */
  readonly seed?: number;
  /** Give each part the same share of every class, tag or range of numbers, as far as groups allow. Default true. */
  readonly stratify?: boolean;
  /** Keep examples of one group, and parts of one file, together. Default true. */
  readonly groups?: boolean;
  /** Pairs that hold the same recording or picture: they, and the groups of both, stay together. Default none. */
  readonly links?: readonly ExampleLink[];
  /**
   * Examples that the weights come from with which training begins: those of their training part, and all that must stay
   * with these, go into training; those of their validation part into training or validation. Default none.
   */
  readonly known?: KnownExamples;
  /** Take the split of the data's authors where they made one. Default true. */
  readonly official?: boolean;
  /** Allow a split with leaks, which would be refused; its report names them. Default false. */
  readonly force?: boolean;
}

/** The names of {@link SplitCollectionOptions}. */
export const SPLIT_OPTIONS: OptionNames<SplitCollectionOptions> = {
  fractions: true,
  seed: true,
  stratify: true,
  groups: true,
  links: true,
  known: true,
  official: true,
  force: true,
};

export interface CollectionSplit<E extends Example = Example> {
  /** Each part in the collection's order. */
  readonly train: readonly E[];
  readonly validation: readonly E[];
  readonly test: readonly E[];
  readonly report: SplitReport;
}

/**
 * Splits a collection: as its authors did, where they did, otherwise at random, by group and stratified. Where the
 * authors name no validation or no test part, it is taken from their training part in the same way.
 *
 * Every class, tag or range that has an example has one in training, and no part is left empty whose fraction is above 0.
 *
 * @throws AuricleError "data" when there are too few examples for that, when only some have an official part,
 * or when the split would leak and `force` is not set; "argument" for fractions that do not fit.
 */
export function splitCollection<E extends Example>(
  collection: Collection<E>,
  options: SplitCollectionOptions = {},
): CollectionSplit<E> {
  checkOptions("splitCollection", options, SPLIT_OPTIONS, "collection, ");
  const { official = true } = options;
  const { examples, words } = collection;
  const withSplit = examples.filter(({ split }) => split !== undefined).length;
  if (!official || withSplit === 0) {
    return distribute(collection, { fixed: () => undefined, open: SPLIT_ROLES, origin: "random" }, options);
  }
  if (withSplit < examples.length) {
    const without = examples.find(({ split }) => split === undefined);
    throw new AuricleError(
      "data",
      `split "${collection.name}": ${examples.length - withSplit} of ${examples.length} ${words.examples} have no official part, ` +
        `for example "${without?.id}"; name the part of each, or make a split of your own (official: false)`,
    );
  }
  const named = new Set(examples.map(({ split }) => split));
  if (!named.has("train")) {
    throw new AuricleError(
      "data",
      `split "${collection.name}": its official split has no training part; add one, or make a split of your own ` +
        `(official: false)`,
    );
  }
  const open = SPLIT_ROLES.filter((role) => role === "train" || !named.has(role));
  const fixed = ({ split }: Example) => (split === "train" ? undefined : split);
  return distribute(collection, { fixed, open, origin: "official" }, options);
}

/** Which examples have their part already, and among which parts the others are distributed. */
export interface Distribution {
  fixed(example: Example, index: number): SplitRole | undefined;
  /** Training first. */
  readonly open: readonly SplitRole[];
  readonly origin: SplitReport["origin"];
  readonly fold?: number;
  /** Whether known examples are taken out of the fixed test part; otherwise they are leaks there. Default false. */
  readonly leavesOutKnown?: boolean;
}

/** Distributes the examples that have no part yet, checks for leaks and reports. */
export function distribute<E extends Example>(
  collection: Collection<E>,
  distribution: Distribution,
  options: SplitCollectionOptions,
): CollectionSplit<E> {
  const { fractions = DEFAULT_FRACTIONS, seed = 0, stratify = true, links = [] } = options;
  const { known = new Map(), groups } = options;
  checkFractions(collection, fractions);
  const before = rolesBefore(collection.examples, known, { groups, links });
  const roles = collection.examples.map((example, index) => {
    const role = distribution.fixed(example, index);
    return distribution.leavesOutKnown && before[index] !== undefined ? undefined : role;
  });
  const filled = distribution.open.filter((role) => fractionOf(fractions, role) > 0);
  const free = roles.flatMap((role, index) => (role === undefined ? [index] : []));
  const units = unitsAmong(collection, free, options);
  const sum = filled.reduce((total, role) => total + fractionOf(fractions, role), 0);
  const facts = { divisible: units.length, before };
  if (units.length < filled.length) throw nothingLeft(collection, filled[units.length], facts);
  const partOf = assignUnits({
    units,
    strata: stratify ? strataOf(collection) : oneStratum(collection.examples),
    fractions: filled.map((role) => fractionOf(fractions, role) / sum),
    completePart: 0,
    allowed: (unit) => partsUpTo(before[units[unit][0]], filled),
    seed,
  });
  units.forEach((unit, i) => unit.forEach((example) => (roles[example] = filled[partOf[i]])));

  const part = (role: SplitRole) => collection.examples.filter((_, index) => roles[index] === role);
  const parts: SplitParts<E> = { train: part("train"), validation: part("validation"), test: part("test") };
  for (const role of distribution.leavesOutKnown ? [...filled, "test" as const] : filled) {
    if (parts[role].length === 0) throw nothingLeft(collection, role, facts);
  }
  const leaks = findLeaks(parts, links, options.known);
  return {
    ...parts,
    report: reportSplit(collection, parts, {
      ...distribution,
      taken: filled,
      fractions,
      seed,
      stratify,
      byGroup: options.groups ?? true,
      links: links.length,
      leaks,
      ...excuseOf(collection, distribution, leaks, options),
      ...(options.known && { known: countRoles(before) }),
    }),
  };
}

/**
 * Why a split that leaks is taken without force: the authors' own one is known to.
 * @throws AuricleError "data" where there is no such reason, and it is not forced.
 */
function excuseOf(
  { name, officialLeaks, words }: Collection,
  { origin }: Distribution,
  leaks: readonly Leak[],
  { force = false }: SplitCollectionOptions,
): { readonly officialLeaks?: string } {
  // What weights know already is no fault of the authors.
  const known = leaks.filter(({ kind }) => kind === "known");
  const refused = origin === "official" && officialLeaks !== undefined ? known : leaks;
  if (refused.length === 0) return officialLeaks === undefined || leaks.length === 0 ? {} : { officialLeaks };
  if (force) return {};
  const advice =
    known.length > 0
      ? "Make a new split (official: false), start from other weights"
      : `Keep related ${words.files} in one part`;
  throw new AuricleError(
    "data",
    `split "${name}": it would leak and give results that are too optimistic: ` +
      `${refused.slice(0, 3).map(leakDescriber(words)).join("; ")}` +
      `${refused.length > 3 ? ` and ${refused.length - 3} more` : ""}. ` +
      `${advice}, or force the split (--force-split), which every report then mentions`,
  );
}

/** The sets of examples that must not come apart, among those that are free to be distributed. */
function unitsAmong(
  collection: Collection,
  free: readonly number[],
  { groups = true, links = [] }: SplitCollectionOptions,
): number[][] {
  const isFree = new Set(free);
  return unitsOf(collection.examples, { byGroup: groups, links })
    .map((unit) => unit.filter((index) => isFree.has(index)))
    .filter((unit) => unit.length > 0);
}

function fractionOf(fractions: SplitFractions, role: SplitRole): number {
  return fractions[SPLIT_ROLES.indexOf(role)];
}

function checkFractions({ name }: Collection, fractions: SplitFractions): void {
  const sum = fractions.reduce((total, fraction) => total + fraction, 0);
  const areFit = fractions[0] > 0 && fractions.every((fraction) => fraction >= 0);
  if (areFit && Math.abs(sum - 1) < 1e-6) return;
  throw new AuricleError(
    "argument",
    `split "${name}": the fractions of training, validation and test must be at least 0 (training above 0) and ` +
      `have the sum 1; got [${fractions.join(", ")}]`,
  );
}

function nothingLeft(
  { name, examples, words }: Collection,
  role: SplitRole,
  facts: { readonly divisible: number; readonly before: readonly (KnownRole | undefined)[] },
): AuricleError {
  const { train, validation } = countRoles(facts.before);
  if (train + validation > 0) {
    return new AuricleError(
      "data",
      `split "${name}": nothing is left for the ${role} part: of its ${examples.length} ${words.examples}, the initial weights ` +
        `were trained on ${train} and selected on ${validation} (${words.examples} of one group, file or duplicate count ` +
        `with them), which cannot show how the model performs on new ${words.files}. Add other ${words.files}, set ` +
        `the fraction of ${role} to 0, or start from new weights`,
    );
  }
  return new AuricleError(
    "data",
    `split "${name}": nothing is left for the ${role} part: the ${examples.length} ${words.examples} make ${facts.divisible} that can ` +
      `be divided (${words.examples} of one group, file or duplicate count as one), and training needs each class once. Add ` +
      `${words.files}, or set the fraction of ${role} to 0`,
  );
}
