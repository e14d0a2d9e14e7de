/** @file Turns a fused graph into kernel calls over buffers: the last step before memory is planned. */
import { ELEMENTWISE } from "../kernels/elementwise.ts";
import type { Expression } from "../kernels/expression.ts";
import { reductionStages } from "../kernels/reduce-stages.ts";
import { REDUCE } from "../kernels/reduce.ts";
import type { StridedOperand } from "../kernels/strided.ts";
import type { Epilogue } from "../kernels/epilogue.ts";
import type { MachineTraits } from "../machine/ir.ts";
import type { Precision } from "../runtime/precision.ts";
import { sameShape, sizeOf, stridesOf } from "../tensor/shape.ts";
import { chooseFixed } from "./algorithms.ts";
import { kernelCall, type KernelCall } from "./kernel-call.ts";
import type { ChooseAlgorithm, Lowering, Prologue } from "./lowering.ts";
import { Buffer } from "./buffer.ts";
import { checkCalls } from "./check-calls.ts";
import { checkFused } from "./check-fused.ts";
import { checkGraph } from "./check-graph.ts";
import { constantExpression } from "./constant-expression.ts";
import { copyCall } from "./copy-call.ts";
import { fuse, type FusedGraph } from "./fusion.ts";
import type { Graph, LoweredGraph } from "./graph.ts";
import { groupMembers, kindOf, namesOf, type GraphNode } from "./graph-node.ts";
import { OperandList } from "./operand-list.ts";
import { prepareOnce } from "./preparation.ts";
import { redirectAssignments } from "./redirect.ts";
import { refineAxes, type OperandPlace } from "./refine-axes.ts";
import { simplify } from "./simplify.ts";
import type { Slab } from "./slab.ts";
import { machineLibrary, type TaskLibrary } from "./task-library.ts";
import type { Structure, Tensor } from "./tensor.ts";
import type { ElementwiseRequest, ReduceRequest } from "../kernels/requests.ts";

export interface LowerOptions {
  /** false gives each operation its own kernel: slower, but every intermediate value can be inspected. Default true. */
  readonly fusion?: boolean;
  /** Picks algorithms where operations have several. Default: the fixed rule. */
  readonly choose?: ChooseAlgorithm;
  /** The precision that factors of large sums may be rounded to; the machine must support it. Default "float32". */
  readonly precision?: Precision;
  /** Says what the target's kernels can do. Default: the vector machine's. */
  readonly library?: TaskLibrary;
}

export function lowerGraph(graph: Graph, machine: MachineTraits, options: LowerOptions = {}): LoweredGraph {
  const { fusion = true, library = machineLibrary } = options;
  const simple = fusion ? simplify(graph, library) : graph;
  checkGraph(simple);
  const { outputs: wanted, assignments: assigned } = simple;
  const fused = fuse([...wanted, ...assigned.map(({ value }) => value)], fusion, library);
  checkFused(fused, fusion);
  const changing = new Set([...assigned.map(({ slab }) => slab), ...(graph.changing ?? [])]);
  const lowerer = new Lowerer(fused, machine, library, changing, options);
  for (const node of fused.nodes) lowerer.lower(node);
  const outputs = wanted.map((tensor) => lowerer.output(fused.nodeOf(tensor)));
  const assignments = assigned.map(({ slab, offset, value }) => ({
    target: new Buffer(sizeOf(value.shape), { kind: "slab", slab, offset }),
    value: lowerer.bufferOf(fused.nodeOf(value)),
  }));
  const calls = redirectAssignments(lowerer.calls, assignments);
  // An input that nothing reads still needs a place to be written to.
  const inputs = graph.inputs.map(
    (tensor) => lowerer.known(tensor) ?? new Buffer(sizeOf(tensor.shape), { kind: "own" }),
  );
  checkCalls({ calls, inputs, outputs });
  return { ...prepareOnce(calls, { inputs, slabs: changing }), inputs, outputs };
}

class Lowerer {
  readonly calls: KernelCall[] = [];
  private readonly buffers = new Map<GraphNode, Buffer>();
  private readonly graph: FusedGraph;
  private readonly machine: MachineTraits;
  private readonly library: TaskLibrary;
  private readonly changingSlabs: ReadonlySet<Slab>;
  private readonly choose: ChooseAlgorithm;
  private readonly precision: Precision;
  private readonly groups = new Map<GraphNode, GraphNode[]>();

  constructor(
    graph: FusedGraph,
    machine: MachineTraits,
    library: TaskLibrary,
    changingSlabs: ReadonlySet<Slab>,
    { choose = chooseFixed, precision = "float32" }: LowerOptions,
  ) {
    this.graph = graph;
    this.machine = machine;
    this.library = library;
    this.changingSlabs = changingSlabs;
    this.choose = choose;
    this.precision = precision;
    for (const node of graph.nodes) {
      if (node.owner) this.groups.set(node.owner, [...(this.groups.get(node.owner) ?? []), node]);
    }
  }

  bufferOf(node: GraphNode): Buffer {
    let buffer = this.buffers.get(node);
    if (!buffer) {
      buffer = this.createBuffer(node);
      this.buffers.set(node, buffer);
    }
    return buffer;
  }

  known(tensor: Tensor): Buffer | undefined {
    const node = this.graph.nodes.find((candidate) => candidate.tensor === tensor);
    return node && this.bufferOf(node);
  }

  private createBuffer(node: GraphNode): Buffer {
    const { structure } = node.tensor.operation;
    const words = sizeOf(node.tensor.shape);
    switch (structure.kind) {
      case "input":
        return new Buffer(words, { kind: "own" });
      case "constant":
        return new Buffer(words, { kind: "own", initial: structure.data });
      case "variable":
        return new Buffer(words, { kind: "slab", slab: structure.slab, offset: structure.offset });
      case "view":
        return this.bufferOf(node.inputs[0]);
      default:
        return new Buffer(words, { kind: "scratch" });
    }
  }

  /** A buffer of the output's own: what a caller reads must not be an input, a slab, or reused within the run. */
  output(node: GraphNode): Buffer {
    const buffer = this.bufferOf(node);
    if (buffer.home.kind === "scratch") {
      buffer.home = { kind: "own" };
      return buffer;
    }
    const copy = new Buffer(buffer.words, { kind: "own" });
    this.calls.push(copyCall(buffer, copy, node.tensor.operation.name));
    return copy;
  }

  lower(node: GraphNode): void {
    if (node.inlined || node.owner) return;
    const { structure } = node.tensor.operation;
    switch (structure.kind) {
      case "input":
      case "constant":
      case "variable":
      case "view":
        return;
      case "elementwise":
        this.lowerGroup(node);
        return;
      case "index":
      case "strided":
        this.lowerElementwise([node]);
        return;
      case "reduce":
        this.lowerReduction(node, structure.combine, structure.axes);
        return;
      case "assembled":
        this.lowerAssembled(node, structure);
        return;
      case "kernels":
        this.lowerKernels(node, undefined, node);
        return;
    }
  }

  private lowerGroup(root: GraphNode): void {
    const members = this.groups.get(root) ?? [];
    const kernel = members.find((member) => kindOf(member) === "kernels");
    if (kernel) this.lowerKernels(kernel, root, root);
    else this.lowerElementwise([...members, root]);
  }

  /** The expression of a node's inputs' lanes, over the index space of `shape`. */
  private expression(node: GraphNode, operands: OperandList, cache: Map<GraphNode, Expression>): Expression {
    const known = cache.get(node);
    if (known) return known;
    const made = this.makeExpression(node, operands, cache);
    cache.set(node, made);
    return made;
  }

  private makeExpression(
    node: GraphNode,
    operands: OperandList,
    cache: Map<GraphNode, Expression>,
  ): Expression {
    const { structure } = node.tensor.operation;
    const { shape } = node.tensor;
    if (structure.kind === "elementwise") {
      const args = node.inputs.map((input) => this.operand(input, operands, cache));
      return {
        kind: "apply",
        function: structure.function,
        parameters: structure.parameters,
        arguments: args,
      };
    }
    if (structure.kind === "index") {
      const { strides, inner } = structure;
      return {
        kind: "operand",
        index: operands.add(undefined, { source: "index", strides, offset: 0, inner }),
      };
    }
    if (structure.kind === "constant" && structure.data.length === 1) {
      return constantExpression(structure.data[0], node.tensor.dtype);
    }
    if (structure.kind === "strided") {
      const [input] = node.inputs;
      const { structure: from } = input.tensor.operation;
      if (input.inlined && from.kind === "constant") {
        return constantExpression(from.data[0], input.tensor.dtype);
      }
      const { strides, offset, inner } = structure;
      return this.memoryOperand(input, { source: "memory", strides, offset, inner }, operands);
    }
    return this.memoryOperand(node, { source: "memory", strides: stridesOf(shape), offset: 0 }, operands);
  }

  private operand(node: GraphNode, operands: OperandList, cache: Map<GraphNode, Expression>): Expression {
    if (node.inlined || operands.recomputed.has(node)) return this.expression(node, operands, cache);
    const known = cache.get(node);
    if (known) return known;
    const place: StridedOperand = { source: "memory", strides: stridesOf(node.tensor.shape), offset: 0 };
    return this.memoryOperand(node, place, operands);
  }

  private memoryOperand(node: GraphNode, place: OperandPlace, operands: OperandList): Expression {
    return { kind: "operand", index: operands.add(this.bufferOf(node), place) };
  }

  /** One kernel that writes all of `nodes`, which have one shape; those that come first may be used by the others. */
  private lowerElementwise(nodes: readonly GraphNode[]): void {
    const { shape } = nodes[0].tensor;
    const operands = new OperandList(this.graph.recomputedIn(nodes));
    const cache = new Map<GraphNode, Expression>();
    const strides = stridesOf(shape);
    const place: StridedOperand = { source: "memory", strides, offset: 0 };
    const expressions = nodes.map((node) => this.expression(node, operands, cache));
    const space = refineAxes(shape, [place, ...operands.places]);
    const [outputPlace, ...places] = space.operands;
    const request: ElementwiseRequest = {
      shape: space.shape,
      operands: places,
      outputs: expressions.map((expression) => ({ expression, place: outputPlace })),
    };
    const inPlace = operands.buffers.filter((buffer, i) => {
      const operand = operands.places[i];
      return (
        buffer !== undefined &&
        sameShape(operand.strides, strides) &&
        operand.offset === 0 &&
        operand.inner === undefined &&
        // Read through another pattern too, it must stay as it is.
        operands.buffers.filter((other) => other === buffer).length === 1
      );
    });
    this.calls.push(
      kernelCall(
        { kind: ELEMENTWISE, ...request },
        {
          reads: operands.memory(),
          writes: nodes.map((node) => this.bufferOf(node)),
          inPlace: inPlace.filter((buffer) => buffer !== undefined),
          ...namesOf(nodes.flatMap((node) => [...groupMembers(node).inlined])),
          multiplyAdds: 0,
        },
      ),
    );
  }

  /** The reduction of a node, and of those that it owns, in one kernel or one after the other. */
  private lowerReduction(node: GraphNode, combine: ReduceRequest["combine"], axes: readonly number[]): void {
    const nodes = [node, ...(this.groups.get(node) ?? [])];
    const operands = new OperandList(this.graph.recomputedIn(nodes));
    const cache = new Map<GraphNode, Expression>();
    const expressions = nodes.map(({ inputs: [input] }) => this.operand(input, operands, cache));
    const space = refineAxes(node.inputs[0].tensor.shape, operands.places);
    const request: ReduceRequest = {
      shape: space.shape,
      axes: axes.flatMap((axis) => space.axesOf(axis)),
      combine,
      expressions,
      operands: space.operands,
    };
    const inlined = nodes.flatMap(({ inputs: [input] }) =>
      input.inlined ? [...groupMembers(input).inlined] : [],
    );
    const names = namesOf([...inlined, ...nodes]);
    const stages = reductionStages(request);
    let reads = operands.memory();
    stages.forEach((stage, i) => {
      const kept = stage.shape.filter((_, axis) => !stage.axes.includes(axis));
      const isLast = i === stages.length - 1;
      const results = nodes.map((one) =>
        isLast ? this.bufferOf(one) : new Buffer(sizeOf(kept), { kind: "scratch" }),
      );
      this.calls.push(
        kernelCall(
          { kind: REDUCE, ...stage },
          {
            reads,
            writes: results,
            inPlace: [],
            ...names,
            multiplyAdds: 0,
          },
        ),
      );
      reads = results;
    });
  }

  private lowerAssembled(
    node: GraphNode,
    { offsets, fill, handOver }: Extract<Structure, { kind: "assembled" }>,
  ): void {
    const output = this.bufferOf(node);
    const names = namesOf([node]);
    const strides = stridesOf(node.tensor.shape);
    const push = (request: ElementwiseRequest, reads: readonly Buffer[], isLast = false) =>
      this.calls.push(
        kernelCall(
          { kind: ELEMENTWISE, ...request },
          {
            reads,
            writes: [output],
            inPlace: [],
            ...names,
            multiplyAdds: 0,
            handOver: isLast ? handOver : undefined,
          },
        ),
      );
    if (fill !== undefined) {
      const place: StridedOperand = { source: "memory", strides, offset: 0 };
      const expression = constantExpression(fill, node.tensor.dtype);
      push({ shape: node.tensor.shape, operands: [], outputs: [{ expression, place }] }, []);
    }
    node.inputs.forEach((input, i) => {
      const { shape } = input.tensor;
      const from: StridedOperand = { source: "memory", strides: stridesOf(shape), offset: 0 };
      const place: StridedOperand = { source: "memory", strides, offset: offsets[i] };
      const expression: Expression = { kind: "operand", index: 0 };
      const isLast = i === node.inputs.length - 1;
      push({ shape, operands: [from], outputs: [{ expression, place }] }, [this.bufferOf(input)], isLast);
    });
  }

  /** Returns the prologue that a fusing kernel computes as its first input. */
  private prologue(input: GraphNode): Prologue {
    const operands = new OperandList();
    const expression = this.operand(input, operands, new Map());
    return { expression, operands: operands.places, buffers: operands.memory() };
  }

  /** @param root the elementwise group to apply as the kernel's epilogue, whose buffer then is the kernel's output. */
  private lowerKernels(node: GraphNode, root: GraphNode | undefined, writer: GraphNode): void {
    const { structure, multiplyAdds } = node.tensor.operation;
    if (structure.kind !== "kernels") return;
    const operands = new OperandList();
    let epilogue: Epilogue | undefined;
    if (root) {
      // The kernel's own result takes operand 0, by a buffer that stands for the registers it is in.
      const result: Expression = { kind: "operand", index: 0 };
      operands.add(new Buffer(0, { kind: "scratch" }), { source: "memory", strides: [], offset: 0 });
      const expression = this.expression(root, operands, new Map([[node, result]]));
      epilogue = { expression, operands: operands.places.slice(1) };
    }
    const epilogueBuffers = operands.buffers.slice(1).filter((buffer) => buffer !== undefined);
    const [input] = node.inputs;
    const prologue = node.fusion.fusesPrologue === true ? this.prologue(input) : undefined;
    const prologues = input.inlined ? [...groupMembers(input).inlined] : [];
    const others = this.groups.get(node) ?? [];
    const names = namesOf(root ? [...groupMembers(root).inlined, node] : [...others, node, ...prologues]);
    const lowering: Lowering = {
      machine: this.machine,
      inputs: node.inputs.filter(({ inlined }) => !inlined).map((one) => this.bufferOf(one)),
      output: this.bufferOf(writer),
      family: this.familyOf(node),
      prologue,
      epilogue,
      epilogueBuffers,
      precision: this.precision,
      choose: this.choose,
      isPrepared: (input) => this.isPrepared(input),
      temporary: (words) => new Buffer(words, { kind: "scratch" }),
      call: (request, reads, writes, withMultiplyAdds = false, machine = undefined) => {
        const counted = withMultiplyAdds ? multiplyAdds : 0;
        const call = { reads, writes, inPlace: [], ...names, multiplyAdds: counted, machine };
        this.calls.push(kernelCall(request, call));
      },
    };
    this.library.lower(structure.task, lowering);
  }

  private isPrepared({ home }: Buffer): boolean {
    if (home.kind === "slab") return !this.changingSlabs.has(home.slab);
    return home.kind === "own" && home.initial !== undefined;
  }

  /** The results of the kernels that are lowered with this one, and its own, by their members' names. */
  private familyOf(node: GraphNode): ReadonlyMap<string, Buffer> {
    const results = new Map<string, Buffer>();
    for (const one of [node, ...(this.groups.get(node) ?? [])]) {
      const { family } = one.fusion;
      if (family) results.set(family.member, this.bufferOf(one));
    }
    return results;
  }
}
