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
import { withOpenBatch } from "./fixed-batch.ts";
import type { ExampleInput, OnnxGraph } from "./graph.ts";
import type { Examples } from "./inputs.ts";
import { buildNetwork, type BuiltNetwork } from "./network/build.ts";
import { ValueFacts, type Traced } from "./network/facts.ts";
import { refuseProblems, traceGraph, UnsupportedNodes, withBranches, type Choices } from "./trace.ts";

/** Two batches that are neither 1 nor each other's multiples. */
const BATCHES = [2, 3] as const;

/** How a graph is traced and made into a network. */
interface Way {
  /** The batches that it is traced for. */
  readonly batches: readonly [number, ...number[]];
  /** Whether general layers take one example at a time: one that leads an axis may then be anything. */
  readonly each: boolean;
}

/**
 * Builds a network that takes any length where the file leaves it open, if there is one, and else for the given lengths, with a note.
 * @throws AuricleError "unsupported" for nodes and graphs that there is no network for
 */
export function networkForLengths(graph: OnnxGraph, { inputs, batch }: Examples, file: string): BuiltNetwork {
  const opened = batch === undefined ? graph : withOpenBatch(graph, batch);
  try {
    return networkFor(opened, inputs, { batches: BATCHES, each: false }, file);
  } catch (error) {
    if (!(error instanceof AuricleError) || batch !== 1) throw error;
    const built = networkFor(graph, inputs, { batches: [1], each: true }, file);
    return { ...built, notes: [...built.notes, ONE_BY_ONE] };
  }
}

const ONE_BY_ONE =
  "the file is for a batch of one: examples are computed one after the other where it mixes axes with the batch";

function networkFor(graph: OnnxGraph, inputs: readonly ExampleInput[], way: Way, file: string): BuiltNetwork {
  const { batches, each } = way;
  const own = batches.map((batch) => traceFor(graph, inputs, { batch, longer: 0 }, file));
  const build = (traces: readonly TracedChoices[]) => {
    const flat = withBranches(graph, choicesOf(traces, file));
    return inFile(file, () => buildNetwork(flat, new ValueFacts(traces), inputs, { each, file }));
  };
  const more = longerBy(inputs);
  if (more.length === 0) return build(own);
  try {
    const [batch] = batches;
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
      notes: [...built.notes, `takes ${shapes} alone, and no other length: ${reasonOf(error, file)}`],
    };
  }
}

/** Messages of builders name values and layers, not the file. */
function inFile<T>(file: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof AuricleError) || error.message.startsWith(file)) throw error;
    throw new AuricleError(error.code, `${file}: ${error.message}`, { cause: error });
  }
}

/** A trace, and the branches of conditions that it took. */
interface TracedChoices extends Traced {
  readonly choices: Choices;
}

/** @throws AuricleError "unsupported" for conditions that do not hold for all batches and lengths alike */
function choicesOf([first, ...others]: readonly TracedChoices[], file: string): Choices {
  const differing = [...first.choices].filter(([node, holds]) =>
    others.some(({ choices }) => choices.get(node) !== holds),
  );
  const reason = "its condition depends on the batch or the input's length";
  refuseProblems(
    differing.map(([{ name, operation }]) => ({ node: name, operation, reason })),
    file,
  );
  return first.choices;
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
): TracedChoices {
  const given = inputs.map((one): [string, Value] => {
    const shape = lengthened(one, longer);
    requireMemory(`${file}: the input ${shownValue(one.name)}`, shape);
    return [one.name, tracedValue(inputTensor([batch, ...shape], "float32"), "float32")];
  });
  const { values, problems, choices } = traceGraph(graph, new Map(given));
  refuseProblems(problems, file);
  return { batch, longer, values, choices };
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

function reasonOf(error: AuricleError, file: string): string {
  if (!(error instanceof UnsupportedNodes)) return error.message.replace(`${file}: `, "");
  const [{ node, operation, reason }] = error.problems;
  return `${shownValue(node)} (${operation}): ${reason}`;
}
