/** @file Runs a graph's nodes on values while they are traced, and lists all that cannot be. */
import { AuricleError } from "../../errors.ts";
import { runOperation } from "../../nn/operations/run-operation.ts";
import { hasOperation } from "../../nn/operations/table.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { shownValue } from "../../shown-value.ts";
import type { Value } from "../../nn/operations/value.ts";
import type { OnnxGraph, OnnxNode } from "./graph.ts";
import { LIMITS } from "./limits.ts";

/** A node that cannot be run, and why. */
export interface OnnxProblem {
  readonly node: string;
  readonly operation: string;
  readonly reason: string;
}

/** All values of a graph by name. */
export type Values = ReadonlyMap<string, Value>;

export interface Trace {
  readonly values: Values;
  readonly problems: readonly OnnxProblem[];
}

/** @param inputs the graph's inputs by name */
export function traceGraph({ nodes, constants }: OnnxGraph, inputs: Values): Trace {
  const values = new Map<string, Value>([...constants, ...inputs]);
  const problems: OnnxProblem[] = [];
  let numbers = 0;
  for (const node of nodes) {
    const results = resultsOf(node, values);
    if (typeof results === "string") {
      problems.push({ node: node.name, operation: node.operation, reason: results });
      continue;
    }
    results?.forEach((value, i) => {
      if (value.known) numbers += sizeOf(value.shape);
      if (node.outputs[i]) values.set(node.outputs[i], value);
    });
    if (numbers > LIMITS.numbers)
      throw new AuricleError("file", `the constants of the graph grow beyond ${LIMITS.numbers} numbers`);
  }
  return { values, problems };
}

/** The node's results, or the reason for which there are none; undefined behind a node that has none. */
function resultsOf(node: OnnxNode, values: Values): readonly Value[] | string | undefined {
  const { operation, inputs, attributes, outputs, problem } = node;
  if (!hasOperation(operation)) return "there is no such operation here";
  if (problem !== undefined) return problem;
  if (inputs.some((name) => name !== "" && !values.has(name))) return undefined;
  const results = outputs.findLastIndex((name) => name !== "") + 1;
  try {
    const made = runOperation({
      operation,
      inputs: inputs.map((name) => values.get(name)),
      attributes,
      results: Math.max(1, results),
    });
    if (made.length >= results) return made;
    return `gives ${made.length} of the ${results} results that are asked for`;
  } catch (error) {
    if (error instanceof AuricleError) return error.message;
    throw error;
  }
}

/** Returns the nodes whose operation there is not, whatever their inputs are. */
export function missingOperations({ nodes }: OnnxGraph): OnnxProblem[] {
  return nodes.flatMap(({ name, operation, problem }) => {
    const reason = hasOperation(operation) ? problem : "there is no such operation here";
    return reason === undefined ? [] : [{ node: name, operation, reason }];
  });
}

/** @throws AuricleError "unsupported" that lists all problems, where there are some. */
export function refuseProblems(problems: readonly OnnxProblem[], file: string): void {
  if (problems.length === 0) return;
  const shown = problems.slice(0, LIMITS.problems);
  const lines = shown.map(({ node, operation, reason }) => `  ${shownValue(node)} (${operation}): ${reason}`);
  const more = problems.length > shown.length ? [`  … and ${problems.length - shown.length} more`] : [];
  const count = problems.length === 1 ? "1 node" : `${problems.length} nodes`;
  throw new UnsupportedNodes(
    `${file}: ${count} cannot be imported:\n${[...lines, ...more].join("\n")}`,
    problems,
  );
}

/** Names all nodes of a file that have no counterpart here. */
export class UnsupportedNodes extends AuricleError {
  readonly problems: readonly OnnxProblem[];

  constructor(message: string, problems: readonly OnnxProblem[]) {
    super("unsupported", message);
    this.problems = problems;
  }
}
