/** @file Checks that units are independent on every target's traits, whether or not it runs here. */
import { chooseFixed } from "../../graph/algorithms.ts";
import type { Graph } from "../../graph/graph.ts";
import { lowerGraph } from "../../graph/lower.ts";
import { checkUnits } from "../../graph/testing/check-units.ts";
import type { Precision } from "../../runtime/precision.ts";
import { FUZZ_TIMES } from "../../testing/fuzz.ts";
import { TARGET_NAMES, traitsOf, type KernelTarget } from "../../runtime/target.ts";

export const ALL_TARGETS: readonly KernelTarget[] = TARGET_NAMES.filter((name) => name !== "reference");

let turns = 0;

/** One target, another at each call; all of them where more cases are drawn than usual (`AURICLE_FUZZ`). */
export function targetsInTurn(): readonly KernelTarget[] {
  return FUZZ_TIMES > 1 ? ALL_TARGETS : [ALL_TARGETS[turns++ % ALL_TARGETS.length]];
}

export interface UnitOptions {
  readonly targets?: readonly KernelTarget[];
  readonly fusion?: boolean;
  readonly precision?: Precision;
  /** Whether each algorithm of an operation has its turn, or the fixed rule's alone. Default "all". */
  readonly algorithms?: "all" | "fixed";
}

/**
 * Checks the programs that a graph becomes.
 * @throws RangeError that names target, call, unit and word
 */
export function checkUnitsOnTargets(
  graph: Graph,
  { targets = ALL_TARGETS, fusion = true, precision = "float32", algorithms = "all" }: UnitOptions = {},
): void {
  for (const target of targets) {
    const machine = traitsOf(target);
    let count = 1;
    for (let number = 0; number < count; number++) {
      const lowered = lowerGraph(graph, machine, {
        fusion,
        choose: (choice) => {
          if (algorithms === "all") count = Math.max(count, choice.algorithms.length);
          return choice.algorithms[number] ?? chooseFixed(choice);
        },
        precision,
      });
      try {
        checkUnits(lowered, machine);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw new RangeError(`${target}: ${error.message}`, { cause: error });
      }
    }
  }
}
