/** @file The report on the tensors of a file of weights alone. Browser-safe. */
import { formatShape, type Shape } from "../tensor/shape.ts";

/** How two layers were found to be one: the shapes fit no other, or the order decided between several. */
export type MatchedBy = "name" | "shape" | "order";

/** A tensor that became a weight. */
export interface MatchedTensor {
  readonly tensor: string;
  /** The weight's path: "conv2d_1/kernel". */
  readonly weight: string;
  readonly by: MatchedBy;
}

/** A tensor that has no place in the network. */
export interface UnusedTensor {
  readonly tensor: string;
  readonly shape: Shape;
  /** Its module, where that is known to be none that the library has. */
  readonly kind?: string;
}

/** A weight that got no numbers. */
export interface MissingWeight {
  readonly weight: string;
  /** The tensor that the other program would have for it. */
  readonly shape: Shape;
}

export interface LoadReport {
  readonly matched: readonly MatchedTensor[];
  readonly unused: readonly UnusedTensor[];
  readonly missing: readonly MissingWeight[];
  /** Sentences on what was assumed. */
  readonly notes: readonly string[];
}

/** How many names a message lists of each kind. */
const SHOWN = 12;

/**
 * Says why a file's tensors and a network's weights are not each other's.
 * @param name the network's name
 * @param all how many weights the network has
 */
export function loadProblem(
  name: string,
  file: string,
  { matched, unused, missing }: LoadReport,
  all: number,
): string {
  const parts: string[] = [];
  if (missing.length > 0) {
    const list = missing.map(({ weight, shape }) => `${weight} (a tensor ${formatShape(shape)})`);
    parts.push(`${missing.length} of its ${all} weights have no tensor: ${shortened(list)}`);
  }
  if (unused.length > 0) {
    const list = unused.map(
      ({ tensor, shape, kind }) => `${tensor} ${formatShape(shape)}${kind ? `, ${kind}` : ""}`,
    );
    parts.push(`${unused.length} tensors have no place in it: ${shortened(list)}`);
  }
  const advice = matched.length === 0 ? "" : `; ${matched.length} match: a partial load takes these alone`;
  return `${file}: does not fit network ${name}: ${parts.join("; ")}${advice}`;
}

function shortened(list: readonly string[]): string {
  const rest = list.length - SHOWN;
  return rest > 1 ? `${list.slice(0, SHOWN).join(", ")} and ${rest} more` : list.join(", ");
}
