import { Worker } from "node:worker_threads";
import { platform } from "#platform";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Arena } from "./arena.ts";
import { loadCode } from "./code.ts";
import { ThreadPool } from "./pool.ts";
import { KernelBuilder } from "../machine/builder.ts";
import { traitsOf } from "./target.ts";

/** The states that a slow worker reports in its shared word. */
const LOADING = 1;
const LOADED = 2;

function startSlowWorkers(): { state: Int32Array; workers: Worker[] } {
  const state = new Int32Array(new SharedArrayBuffer(4));
  const workers: Worker[] = [];
  vi.spyOn(platform, "startWorker").mockImplementation(() => {
    const worker = new Worker(new URL("./testing/slow-worker.js", import.meta.url), {
      workerData: { state, loading: LOADING, loaded: LOADED },
    });
    workers.push(worker);
    return { post: (message) => worker.postMessage(message) };
  });
  return { state, workers };
}

/** Loads a program of one step that writes a one to its memory. */
function loadProgram(pool: ThreadPool) {
  const arena = new Arena();
  const k = new KernelBuilder(traitsOf("wasm"), 4);
  k.store(k.parameters[3], 0, k.constant(1));
  const owner = {};
  const address = arena.allocate(64, owner);
  const { code } = loadCode("wasm", [k.finish()], arena.limits);
  const steps = [{ kernel: 0, units: 1, leastUnits: 1, pointers: [address] }];
  const image = { code, steps, scratchAddress: address, scratchBytes: 0 };
  const program = pool.load(image, arena, { target: "wasm", calls: [] }, () => undefined);
  return { program, result: () => arena.floats(address, 1)[0], owner };
}

describe("a thread pool's end", () => {
  afterEach(() => vi.restoreAllMocks());

  it("waits for workers that load a program; later programs still run, without them", async () => {
    const { state, workers } = startSlowWorkers();
    const pool = new ThreadPool(2);
    loadProgram(pool);
    await expect.poll(() => Atomics.load(state, 0), { interval: 5, timeout: 30_000 }).toBe(LOADING);
    pool.end();
    expect(Atomics.load(state, 0)).toBe(LOADED);
    Atomics.store(state, 0, 0);
    const { program, result } = loadProgram(pool);
    program.run();
    expect(result()).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(Atomics.load(state, 0)).toBe(0);
    await Promise.all(workers.map((worker) => worker.terminate()));
  });

  it("is not held up by a worker that has loaded nothing", async () => {
    const { workers } = startSlowWorkers();
    const pool = new ThreadPool(3);
    pool.end();
    const { program, result } = loadProgram(pool);
    program.run();
    expect(result()).toBe(1);
    await Promise.all(workers.map((worker) => worker.terminate()));
  });
});

describe("a worker that cannot start, or fails", () => {
  afterEach(() => vi.restoreAllMocks());

  it("is missing: the user hears of it, and the others do its work", () => {
    const warn = vi.spyOn(platform, "warn").mockImplementation(() => undefined);
    vi.spyOn(platform, "startWorker").mockImplementation((onFailure) => {
      onFailure("EAGAIN");
      return { post: () => undefined };
    });
    const { program, result } = loadProgram(new ThreadPool(3));
    program.run();
    expect(result()).toBe(1);
    expect(warn.mock.calls).toEqual(
      Array(2).fill([expect.stringMatching(/one of 3 is missing.*\(EAGAIN\); use fewer threads/)]),
    );
  });
});
