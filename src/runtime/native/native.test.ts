import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AuricleError } from "../../errors.ts";
import { compile } from "../../graph/compile.ts";
import { KernelBuilder } from "../../machine/builder.ts";
import { AVX2_TRAITS } from "../../machine/x86-64/traits.ts";
import { add, multiply } from "../../ops/index.ts";
import { floatArray } from "../../tensor/array.ts";
import { kernelFunction } from "../../testing/run-code.ts";
import { Arena } from "../arena.ts";
import { traitsOf } from "../target.ts";
import { openForeign } from "./foreign.js";
import { knownFeatures } from "./known-features.ts";
import { nativeMachine } from "./native-machine.ts";
import { candidate, runCandidates } from "./probe.ts";

// Before the imports, some of which ask at once what runs here.
const cache = await vi.hoisted(async () => {
  const [{ mkdtempSync }, { tmpdir }, { join }] = await Promise.all([
    import("node:fs"),
    import("node:os"),
    import("node:path"),
  ]);
  return { folder: mkdtempSync(join(tmpdir(), "auricle-native-")) };
});
vi.mock("env-paths", () => ({ default: () => ({ cache: cache.folder }) }));
afterAll(() => rmSync(cache.folder, { recursive: true, force: true }));

const convention = process.platform === "win32" ? "windows" : "system-v";
const targets = nativeMachine.targets();

describe("what the probe found", () => {
  const path = join(cache.folder, "native-features.json");
  beforeEach(() => rmSync(path, { force: true }));

  it("is asked for once per machine and version", () => {
    const probe = vi.fn(() => ["avx2"] as const);
    expect(knownFeatures("one", probe)).toEqual(["avx2"]);
    expect(knownFeatures("one", probe)).toEqual(["avx2"]);
    expect(probe).toHaveBeenCalledTimes(1);
    expect(knownFeatures("other", probe)).toEqual(["avx2"]);
    expect(probe).toHaveBeenCalledTimes(2);
  });

  it.each(["", "{", "[]", `{"machine":"one"}`, `{"machine":7,"features":["avx2"]}`])(
    "is asked for again when the file holds %j",
    (text) => {
      writeFileSync(path, text);
      expect(knownFeatures("one", () => [])).toEqual([]);
      expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ machine: "one", features: [] });
    },
  );
});

describe.runIf(targets.includes("avx2"))("the probe's child process", () => {
  const good = candidate("avx2", [0, 0, 0, 0], AVX2_TRAITS, convention);

  it("names what works", () => {
    expect(runCandidates([good, { ...good, name: "again" }], convention)).toEqual(["avx2", "again"]);
  });

  it("leaves out what the processor does not have, and what computes something else", () => {
    const lacking = { ...good, name: "lacking", features: [-1, -1, -1, -1] };
    const wrong = { ...good, name: "wrong", expected: good.expected.map((word) => word + 1) };
    expect(runCandidates([lacking, wrong, good], convention)).toEqual(["avx2"]);
  });

  it("may crash: what worked before is known, and this process goes on", () => {
    // ud2, an instruction that no processor has.
    const crash = { ...good, name: "crash", code: Buffer.from([0x0f, 0x0b]).toString("base64") };
    expect(runCandidates([good, crash, { ...good, name: "after" }], convention)).toEqual(["avx2"]);
  });
});

describe.each(targets)("programs on %s", (target) => {
  const square = () => compile((x) => add(multiply(x, x), -1), [[37]], { target, threads: 1 });

  it("take the native path", () => {
    const load = vi.spyOn(nativeMachine, "load");
    const run = square();
    expect(load).toHaveBeenCalledTimes(1);
    expect(load.mock.results[0].value.code.kind).toBe("native");
    load.mockRestore();
    expect(run.report.target).toBe(target);
    expect(run(floatArray(new Float32Array(37).fill(3), [37])).data).toEqual(new Float32Array(37).fill(8));
  });

  it("are refused where their code cannot be loaded: never other bits under this target's name", () => {
    const load = vi.spyOn(nativeMachine, "load").mockImplementation(() => {
      throw new AuricleError("unsupported", "machine code: forbidden");
    });
    expect(square).toThrow("machine code: forbidden");
    load.mockRestore();
  });

  it("follow memory that moves when it grows", () => {
    const k = new KernelBuilder(traitsOf(target), 3);
    k.store(k.parameters[2], 0, k.constant(5), 1);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1000 });
    const run = kernelFunction(target, k.finish(), memory);
    run(0, 0, 64);
    memory.grow(900);
    run(0, 0, 128);
    expect([...new Float32Array(memory.buffer, 0, 48).filter((value) => value !== 0)]).toEqual([5, 5]);
  });
});

const onLinux = process.platform === "linux" && targets.length > 0;

describe.runIf(onLinux && existsSync("/sys/kernel/mm/transparent_hugepage"))("a program's memory", () => {
  it("is asked to be in large pages", () => {
    const arena = new Arena();
    compile((x) => add(x, 1), [[1 << 20]], { target: targets[0], threads: 1, arena });
    const start = openForeign().addressOf(new Uint8Array(arena.memory.buffer)).toString(16).padStart(8, "0");
    const maps = readFileSync("/proc/self/smaps", "utf8");
    // "hg": the advice that was given for the mapping, whether or not the system follows it.
    const flags = /^VmFlags:(.*)$/m.exec(maps.slice(maps.indexOf(`\n${start}-`)))?.[1];
    expect(flags?.trim().split(" ")).toContain("hg");
  });
});

describe.runIf(targets.length > 0)("a process that may run no machine code, though the probe could", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.resetModules();
  });

  /** The modules anew, in a process that lets no memory be executed. */
  async function refused() {
    vi.resetModules();
    const foreign = await import("./foreign.js");
    const opened = foreign.openForeign();
    vi.spyOn(opened, "mapCode").mockImplementation(() => {
      throw new Error("mprotect: the system lets no memory be executed");
    });
    const { platform } = await import("#platform");
    const warn = vi.spyOn(platform, "warn").mockImplementation(() => undefined);
    return { ...(await import("../target.ts")), ...(await import("../../graph/compile.ts")), warn };
  }

  it("takes WebAssembly by default, says so once, and names it", async () => {
    vi.stubEnv("AURICLE_TARGET", "");
    const { chooseTarget, portableTarget, compile: compileAnew, warn } = await refused();
    expect(chooseTarget()).toBe(portableTarget());
    expect(compileAnew((x) => add(x, 1), [[3]], { threads: 1 }).report.target).toBe(portableTarget());
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^no machine code is run here \(mprotect: .*\): target wasm/)],
    ]);
    vi.unstubAllEnvs();
  });

  it("refuses a native target that is asked for", async () => {
    const { chooseTarget } = await refused();
    for (const target of targets) {
      expect(() => chooseTarget(target)).toThrow(
        `target ${target}: this process may run no machine code (mprotect: the system lets no memory be executed); use target wasm`,
      );
    }
  });
});

describe.runIf(onLinux)("memory for machine code", () => {
  /** "r-xp" and the like, of the mapping that holds an address. */
  const permissions = (address: number) =>
    readFileSync("/proc/self/maps", "utf8")
      .split("\n")
      .find((line) => {
        const [start, end] = line.split(/[- ]/).map((hex) => Number.parseInt(hex, 16));
        return address >= start && address < end;
      })
      ?.slice(0, 50)
      .split(" ")[1];

  it("can be executed but not written, and is given back", () => {
    const { mapCode, unmapCode } = openForeign();
    const code = Uint8Array.from({ length: 5000 }, () => 0xc3);
    const address = mapCode(code);
    expect([permissions(address), permissions(address + 4999)]).toEqual(["r-xp", "r-xp"]);
    unmapCode(address, code.length);
    expect(permissions(address)).toBeUndefined();
  });
});
