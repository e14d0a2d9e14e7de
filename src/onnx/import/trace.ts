/** @file Runs a graph's nodes on values while they are traced, and lists all that cannot be. */
import { AuricleError } from "../../errors.ts";
import { runOperation } from "../../nn/operations/run-operation.ts";
import { hasOperation } from "../../nn/operations/table.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { shownValue } from "../../shown-value.ts";
import type { Value } from "../../nn/operations/value.ts";
import type { OnnxGraph, OnnxNode, OnnxSubgraph } from "./graph.ts";
import { LIMITS } from "./limits.ts";

/** A node that cannot be run, and why. */
export interface OnnxProblem {
  readonly node: string;
  readonly operation: string;
  readonly reason: string;
}

/** All values of a graph by name. */
export type Values = ReadonlyMap<string, Value>;

/** For each condition whose truth is known whether it holds. */
export type Choices = ReadonlyMap<OnnxNode, boolean>;

export interface Trace {
  readonly values: Values;
  readonly problems: readonly OnnxProblem[];
  readonly choices: Choices;
}

/** @param inputs the graph's inputs by name */
export function traceGraph({ nodes, constants }: OnnxGraph, inputs: Values): Trace {
  const values = new Map<string, Value>([...constants, ...inputs]);
  const problems: OnnxProblem[] = [];
  const choices = new Map<OnnxNode, boolean>();
  let numbers = 0;
  const give = (node: OnnxNode, results: readonly (Value | undefined)[]) => {
    results.forEach((value, i) => {
      if (value && node.outputs[i]) values.set(node.outputs[i], value);
    });
  };
  const run = (node: OnnxNode): void => {
    const branch = branchOf(node, values);
    if (branch) {
      choices.set(node, branch.holds);
      branch.graph.nodes.forEach(run);
      give(node, branch.graph.outputs.map((name) => values.get(name))); // prettier-ignore
      return;
    }
    const results = resultsOf(node, values);
    if (typeof results === "string") {
      problems.push({ node: node.name, operation: node.operation, reason: results }, ...missingWithin(node));
      return;
    }
    if (!results) problems.push(...missingWithin(node));
    for (const { known, shape } of results ?? []) if (known) numbers += sizeOf(shape);
    give(node, results ?? []);
    if (numbers > LIMITS.numbers)
      throw new AuricleError("file", `the constants of the graph grow beyond ${LIMITS.numbers} numbers`);
  };
  nodes.forEach(run);
  return { values, problems, choices };
}

/** The graph that a condition chooses; undefined for other nodes, and where it depends on the network's input. */
function branchOf(
  { operation, inputs: [condition], subgraphs }: OnnxNode,
  values: Values,
): { readonly holds: boolean; readonly graph: OnnxSubgraph } | undefined {
  const known = values.get(condition)?.known;
  if (operation !== CONDITION || !subgraphs || known?.length !== 1) return undefined;
  const holds = known[0] !== 0;
  const graph = subgraphs[holds ? "then_branch" : "else_branch"];
  return graph && { holds, graph };
}

/** The graph with the branch of each condition in its place. */
export function withBranches(graph: OnnxGraph, choices: Choices): OnnxGraph {
  if (choices.size === 0) return graph;
  const written = (node: OnnxNode): OnnxNode[] => {
    const holds = choices.get(node);
    const branch = holds === undefined ? undefined : node.subgraphs?.[holds ? "then_branch" : "else_branch"];
    if (!branch) return [node];
    const results = node.outputs.map((output, i): OnnxNode => {
      const from = branch.outputs[i] ?? "";
      return {
        name: `${node.name}/${i}`,
        operation: "Identity",
        inputs: [from],
        outputs: [output],
        attributes: {},
      };
    });
    return [...branch.nodes.flatMap(written), ...results.filter(({ outputs: [name] }) => name !== "")];
  };
  return { ...graph, nodes: graph.nodes.flatMap(written) };
}

const CONDITION = "If";

/** The node's results, or the reason for which there are none; undefined behind a node that has none. */
function resultsOf(node: OnnxNode, values: Values): readonly Value[] | string | undefined {
  const { operation, inputs, attributes, outputs } = node;
  const missing = missingReason(node);
  if (missing !== undefined) return missing;
  if (inputs.some((name) => name !== "" && !values.has(name))) return undefined;
  if (operation === CONDITION) return DEPENDS;
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

const DEPENDS = "its condition depends on the network's input, and must be constant";

/** The reason for which a node cannot be run whatever its inputs are. */
function missingReason({ operation, problem, subgraphs }: OnnxNode): string | undefined {
  if (operation === CONDITION) return problem;
  if (!hasOperation(operation)) return "there is no such operation here";
  return problem ?? (subgraphs && `has the subgraph ${Object.keys(subgraphs).join()}`);
}

/** Returns the nodes that cannot be run whatever their inputs are, those of all subgraphs among them. */
export function missingOperations(nodes: readonly OnnxNode[]): OnnxProblem[] {
  return nodes.flatMap((node) => {
    const reason = missingReason(node);
    const own = reason === undefined ? [] : [{ node: node.name, operation: node.operation, reason }];
    return [...own, ...missingWithin(node)];
  });
}

function missingWithin({ subgraphs = {} }: OnnxNode): OnnxProblem[] {
  return Object.values(subgraphs).flatMap(({ nodes }) => missingOperations(nodes));
}

/** @throws AuricleError "unsupported" that lists all problems, where there are some. */
export function refuseProblems(problems: readonly OnnxProblem[], file: string): void {
  if (problems.length === 0) return;
  const shown = problems.slice(0, LIMITS.problems);
  const lines = shown.map(({ node, operation, reason }) => `  ${shownValue(node)} (${operation}): ${reason}`);
  const more = problems.length > shown.length ? [`  … and ${problems.length - shown.length} more`] : [];
  const inputs = problems.filter(({ operation }) => operation === INPUT).length;
  const counts = [
    counted(problems.length - inputs, "node"),
    ...(inputs > 0 ? [counted(inputs, "input")] : []),
  ];
  throw new UnsupportedNodes(
    `${file}: ${counts.join(" and ")} cannot be imported:\n${[...lines, ...more].join("\n")}`,
    problems,
  );
}

/** Stands for the operation of an input that a network cannot take as it is. */
export const INPUT = "input";

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

/** Names all nodes of a file that have no counterpart here. */
export class UnsupportedNodes extends AuricleError {
  readonly problems: readonly OnnxProblem[];

  constructor(message: string, problems: readonly OnnxProblem[]) {
    super("unsupported", message);
    this.problems = problems;
  }
}
