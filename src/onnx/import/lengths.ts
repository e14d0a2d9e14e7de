/**
 * @file The network of a graph whose file leaves lengths open: for any length, where the graph is the same for each, as where it pools
 * over all of an axis. Tracing it for several lengths shows what follows the input's.
 */
import { AuricleError } from "../../errors.ts";
import { inputTensor } from "../../graph/sources.ts";
import { buildNodes } from "../../nn/build-nodes.ts";
import { outputsOf } from "../../nn/network-outputs.ts";
import { tracedValue, type Value } from "../../nn/operations/value.ts";
import { planForInputs } from "../../nn/plan-for-inputs.ts";
import { requireMemory } from "../../nn/size-limit.ts";
import { shownValue } from "../../shown-value.ts";
import { formatShape, sameShape, type Shape } from "../../tensor/shape.ts";
import type { ExampleInput, OnnxGraph } from "./graph.ts";
import { buildNetwork, type BuiltNetwork } from "./network/build.ts";
import { ValueFacts, type Traced } from "./network/facts.ts";
import { refuseProblems, traceGraph, UnsupportedNodes } from "./trace.ts";

/** Two batches that are neither 1 nor each other's multiples. */
const BATCHES = [2, 3] as const;

/**
 * Builds a network that takes any length where the file leaves it open, if there is one, and else for the given lengths, with a note.
 * @throws AuricleError "unsupported" for nodes and graphs that there is no network for
 */
export function networkForLengths(
  graph: OnnxGraph,
  inputs: readonly ExampleInput[],
  file: string,
): BuiltNetwork {
  const own = BATCHES.map((batch) => traceFor(graph, inputs, { batch, longer: 0 }, file));
  const build = (traces: readonly Traced[]) => buildNetwork(graph, new ValueFacts(traces), inputs, file);
  const more = longerBy(inputs);
  if (more.length === 0) return build(own);
  try {
    const [batch] = BATCHES;
    const traces = [...own, ...more.map((longer) => traceFor(graph, inputs, { batch, longer }, file))];
    const built = build(traces);
    checkLengths(built, graph, inputs, traces);
    return built;
  } catch (error) {
    if (!(error instanceof AuricleError)) throw error;
    const built = build(own);
    const shapes = inputs.map(({ name, shape }) => `${shownValue(name)} ${formatShape(shape)}`).join(", ");
    return {
      ...built,
      notes: [...built.notes, `takes ${shapes} alone, and no other length: ${reasonOf(error)}`],
    };
  }
}

/** Longer by every power of two up to twice the longest: however layers divide lengths, each of them becomes longer by one. */
function longerBy(inputs: readonly ExampleInput[]): number[] {
  const longest = Math.max(0, ...inputs.flatMap(({ shape, open }) => open.map((axis) => shape[axis])));
  const lengths: number[] = [];
  for (let more = 1; more <= 2 * longest; more *= 2) lengths.push(more);
  return lengths;
}

/** An input's shape with its open lengths longer; those of several axes by different numbers. */
function lengthened({ shape, open }: ExampleInput, longer: number): Shape {
  return shape.map((length, axis) => (longer > 0 && open.includes(axis) ? length + longer + axis : length));
}

function traceFor(
  graph: OnnxGraph,
  inputs: readonly ExampleInput[],
  { batch, longer }: Omit<Traced, "values">,
  file: string,
): Traced {
  const given = inputs.map((one): [string, Value] => {
    const shape = lengthened(one, longer);
    requireMemory(`${file}: the input ${shownValue(one.name)}`, shape);
    return [one.name, tracedValue(inputTensor([batch, ...shape], "float32"), "float32")];
  });
  const { values, problems } = traceGraph(graph, new Map(given));
  refuseProblems(problems, file);
  return { batch, longer, values };
}

/** @throws AuricleError unless the network's layers take each length with the same weights and give what the graph gives. */
function checkLengths(
  { network, channelsLast }: BuiltNetwork,
  { outputs }: OnnxGraph,
  inputs: readonly ExampleInput[],
  traces: readonly Traced[],
): void {
  const facts = new ValueFacts(traces);
  const weights = weightShapes(buildNodes(planForInputs(network, network.inputShapes)));
  traces.forEach(({ longer }, i) => {
    if (longer === 0) return;
    const shapes = inputs.map((one, k) => {
      const [first, ...rest] = lengthened(one, longer);
      return channelsLast[k] ? [...rest, first] : [first, ...rest];
    });
    const plan = planForInputs(network, shapes);
    const nodes = buildNodes(plan);
    const given = outputsOf(plan, nodes.nodes).outputs;
    const isSame = outputs.every((name, k) => sameShape(given[k].shape, facts.exampleShapes(name)[i]));
    if (isSame && weightShapes(nodes) === weights) return;
    throw new AuricleError(
      "shape",
      `a layer would be another one for ${shapes.map(formatShape).join(" and ")}`,
    );
  });
}

/** A text that networks with the same weights have in common. */
function weightShapes({ specs }: ReturnType<typeof buildNodes>): string {
  return JSON.stringify(specs.map((list) => list.map(({ name, shape }) => [name, shape])));
}

function reasonOf(error: AuricleError): string {
  if (!(error instanceof UnsupportedNodes)) return error.message;
  const [{ node, operation, reason }] = error.problems;
  return `${shownValue(node)} (${operation}): ${reason}`;
}
