/** @file Programs on a device of another kind: kernels are interpreted, and what is read comes later. */
import { expect, it } from "vitest";
import { FLOAT_BYTES, type Kernel } from "../kernels/kernel.ts";
import { interpretKernel } from "../kernels/testing/interpret-kernel.ts";
import { WASM_TRAITS } from "../machine/wasm.ts";
import { add, conv2d, gradients, maxPool2d, multiply, relu, subtract, sum } from "../ops/index.ts";
import { testValues } from "../testing/values.ts";
import type { Buffer } from "./buffer.ts";
import { CpuDevice } from "./cpu-device.ts";
import type { Device, DeviceProgram } from "./device.ts";
import type { Graph } from "./graph.ts";
import { kernelOf } from "./kernel-call.ts";
import { lowerGraph } from "./lower.ts";
import { placeBuffers, pointersOf, type AddressSpace } from "./placement.ts";
import { planProgram, type ProgramPlan } from "./program-plan.ts";
import { Slab } from "./slab.ts";
import { assign, collectAssignments, inputTensor, variableTensor } from "./sources.ts";
import { machineLibrary } from "./task-library.ts";

const GUARD_BYTES = 1024;

/** Its memory is its own: slabs that it uses are copied in when a program is loaded, and can be read as buffers only. */
class InterpretingDevice implements Device {
  readonly machine = WASM_TRAITS;
  readonly library = machineLibrary;

  load(plan: ProgramPlan): DeviceProgram {
    const kernels = new Map<string, Kernel>();
    for (const [key, one] of plan.requests) kernels.set(key, kernelOf(one, this.machine));
    const space = new GrowingSpace();
    const scratchBytes = Math.max(...[...kernels.values()].map((kernel) => kernel.scratchBytes));
    const placement = placeBuffers(plan, space, scratchBytes);
    const memory = new ArrayBuffer(space.bytes + GUARD_BYTES);
    const view = (buffer: Buffer) =>
      new Float32Array(memory, placement.addresses.get(buffer) ?? 0, buffer.words);
    for (const [slab, address] of space.slabs) {
      new Float32Array(memory, address, slab.length).set(slab.view());
    }
    for (const buffer of plan.buffers) {
      if (buffer.home.kind === "own" && buffer.home.initial) view(buffer).set(buffer.home.initial);
    }
    return {
      write: (buffer, words) => view(buffer).set(words),
      read: async (buffer) => Promise.resolve(view(buffer).slice()),
      run: () => {
        // All of it in each run: nothing tells when a slab has changed that lives in another memory.
        for (const call of [...plan.preparation, ...plan.calls]) {
          const kernel = kernels.get(call.key);
          if (!kernel) throw new RangeError(`no kernel for ${call.label}`);
          const run = interpretKernel(kernel.code, memory);
          run(0, kernel.units, placement.threadAddress, ...pointersOf(call, placement));
        }
      },
    };
  }
}

class GrowingSpace implements AddressSpace {
  bytes = GUARD_BYTES;
  readonly slabs = new Map<Slab, number>();

  allocate(bytes: number): number {
    const address = this.bytes;
    this.bytes += Math.ceil(bytes / 64) * 64 + GUARD_BYTES;
    return address;
  }

  scratchOf(bytes: number): number {
    return this.allocate(bytes);
  }

  addressOf(slab: Slab): number {
    const address = this.slabs.get(slab) ?? this.allocate(slab.length * FLOAT_BYTES);
    this.slabs.set(slab, address);
    return address;
  }
}

/** A training step: the loss, and a filter that is moved against its gradient. */
function stepGraph(): Graph {
  const slab = new Slab("filter", testValues("normal", [3, 3, 4, 16], 2).data as Float32Array);
  const image = inputTensor([2, 8, 8, 4], "float32");
  const { result, assignments } = collectAssignments(() => {
    const filter = variableTensor(slab, 0, [3, 3, 4, 16]);
    const features = maxPool2d(relu(conv2d(image, filter, { padding: "same" })), { poolSize: 2 });
    const loss = sum(multiply(features, features));
    const [gradient] = gradients(loss, [filter]);
    const moved = subtract(filter, multiply(gradient, 0.001));
    assign(filter, moved);
    return [loss, add(moved, 0)];
  });
  return { inputs: [image], outputs: result, assignments };
}

function load<D extends Device>(device: D) {
  const plan = planProgram(lowerGraph(stepGraph(), device.machine, { library: device.library }));
  return { plan, program: device.load(plan) };
}

it("a plan gives the same bits on any device that has its kernels", async () => {
  const images = [3, 4].map((seed) => testValues("normal", [2, 8, 8, 4], seed).data);
  const runAll = async ({ plan, program }: { plan: ProgramPlan; program: DeviceProgram }) => {
    const results: Float32Array[] = [];
    for (const image of images) {
      program.write(plan.inputs[0], image);
      program.run();
      for (const output of plan.outputs) results.push(await program.read(output));
    }
    return results;
  };
  const interpreted = await runAll(load(new InterpretingDevice()));
  expect(interpreted[0]).toHaveLength(1);
  expect(interpreted[3]).not.toEqual(interpreted[1]);
  for (const threads of [1, 2]) {
    expect(await runAll(load(new CpuDevice("wasm", threads))), `${threads} threads`).toEqual(interpreted);
  }
});

it("a plan is data: making it loads nothing, and it can be loaded again", async () => {
  const plan = planProgram(lowerGraph(stepGraph(), WASM_TRAITS));
  const calls = [...plan.preparation, ...plan.calls];
  expect(plan.requests.size).toBeLessThanOrEqual(calls.length);
  expect([...plan.requests.keys()].sort()).toEqual([...new Set(calls.map(({ key }) => key))].sort());
  const [first, second] = [new InterpretingDevice().load(plan), new InterpretingDevice().load(plan)];
  const image = testValues("normal", [2, 8, 8, 4], 5).data;
  for (const program of [first, second]) {
    program.write(plan.inputs[0], image);
    program.run();
  }
  expect(await first.read(plan.outputs[1])).toEqual(await second.read(plan.outputs[1]));
});
