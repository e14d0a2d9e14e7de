import { describe, expect, it } from "vitest";
import { startProfile, type Profile, type Trace } from "../../runtime/profile.ts";
import { intArray } from "../../tensor/array.ts";
import { testValues } from "../../testing/values.ts";
import { batchNormalization, conv2d, dense, flatten, maxPooling2d } from "../layers/index.ts";
import { sequential, type Model } from "../model.ts";

const EXAMPLES = 24;
const BATCH = 8;
const STEPS = EXAMPLES / BATCH;
const x = testValues("normal", [EXAMPLES, 12, 12, 3], 1);
const y = intArray(
  Array.from({ length: EXAMPLES }, (_, i) => i % 4),
  [EXAMPLES],
);

function classifier(threads: number): Model {
  const model = sequential(
    [
      conv2d({ filters: 8, kernelSize: 3, inputShape: [12, 12, 3] }),
      batchNormalization(),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dense({ units: 4 }),
    ],
    { seed: 1, threads },
  );
  model.compile({ optimizer: "adam", loss: "softmaxCrossEntropy" });
  return model;
}

const fit = (model: Model) => model.fit(x, y, { batchSize: BATCH, validationData: [x, y] });

async function profiled(threads: number): Promise<{ model: Model; profile: Profile; trace: Trace }> {
  const model = classifier(threads);
  const recorder = startProfile();
  await fit(model);
  const profile = recorder.stop();
  return { model, profile, trace: JSON.parse(JSON.stringify(profile.trace)) as Trace };
}

/** Complete events with their beginning and end in microseconds, by category. */
function spans({ traceEvents }: Trace, category: string) {
  return traceEvents
    .filter(({ ph, cat }) => ph === "X" && cat === category)
    .map(({ name, tid, ts = NaN, dur = NaN, args = {} }) => ({ name, tid, args, begin: ts, end: ts + dur }));
}

/** Clocks of two threads agree to some microseconds. */
const CLOCKS = 100;

describe.each([1, 2])("a profile of training on %i threads", (threads) => {
  it("has the phases: an epoch of batches, steps and a validation, one after the other", async () => {
    const { profile, trace } = await profiled(threads);
    const phases = spans(trace, "phase").sort((one, other) => one.begin - other.begin);
    const step = ["batch", "step"];
    expect(phases.map(({ name }) => name)).toEqual([
      "epoch",
      ...Array.from({ length: STEPS }, () => step).flat(),
      "validation",
    ]);
    const [epoch, ...inside] = phases;
    inside.forEach(({ begin, end }, i) => {
      expect(end).toBeGreaterThanOrEqual(begin);
      expect(begin).toBeGreaterThanOrEqual(inside[i - 1]?.end ?? epoch.begin);
    });
    expect(inside.at(-1)?.end).toBeLessThanOrEqual(epoch.end);
    expect(profile.phases).toHaveLength(phases.length);
  });

  it("has every kernel of every step, within the step and one after the other on each thread", async () => {
    const { model, trace } = await profiled(threads);
    const kernels = spans(trace, "kernel");
    const phases = spans(trace, "phase").filter(({ name }) => name === "step" || name === "validation");
    const calls = model.trainer.programs
      .train({ batchSize: BATCH, targets: [{ shape: [], dtype: "int32" }], weighted: [false] })
      .compiled.report.calls.map(({ label }) => label);
    for (const label of new Set(calls)) {
      const times = STEPS * calls.filter((one) => one === label).length;
      expect(kernels.filter(({ name }) => name === label).length, label).toBeGreaterThanOrEqual(times);
    }
    for (const { tid, begin, end, name } of kernels) {
      const slack = tid === 0 ? 0.01 : CLOCKS;
      const inside = phases.some((phase) => phase.begin - slack <= begin && end <= phase.end + slack);
      expect(inside, `${name} on thread ${tid}`).toBe(true);
    }
    for (let thread = 0; thread < threads; thread++) {
      const own = kernels.filter(({ tid }) => tid === thread).sort((one, other) => one.begin - other.begin);
      own.slice(1).forEach(({ begin }, i) => expect(begin).toBeGreaterThanOrEqual(own[i].end - 0.01));
    }
    expect(new Set(kernels.map(({ tid }) => tid)).size).toBeLessThanOrEqual(threads);
  });

  it("counts the units of each call: all threads together do all of them, once a run", async () => {
    const { trace, profile } = await profiled(threads);
    const convolution = profile.kernels.find(
      ({ label, multiplyAdds }) => label.endsWith("in conv2d_1") && multiplyAdds > 0,
    );
    expect(convolution?.multiplyAdds).toBe(BATCH * 10 * 10 * 8 * 9 * 3);
    expect(convolution?.runs).toBe(STEPS);
    expect(profile.lost).toBe(0);
    const sums = new Map<string, number>();
    for (const { name, args } of spans(trace, "kernel")) {
      sums.set(name, (sums.get(name) ?? 0) + Number(args.units));
    }
    const alone = new Map<string, number>();
    for (const { name, args } of spans((await profiled(1)).trace, "kernel")) {
      alone.set(name, (alone.get(name) ?? 0) + Number(args.units));
    }
    expect(sums).toEqual(alone);
  });

  it("has shares that add up to 1, and figures that follow from time, multiply-adds and bytes", async () => {
    const { profile, trace } = await profiled(threads);
    const { kernels } = profile;
    expect(kernels.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(kernels.map(({ share }) => share)).toEqual(
      kernels.map(({ share }) => share).sort((one, other) => other - one),
    );
    const inTrace = spans(trace, "kernel").reduce((sum, { begin, end }) => sum + end - begin, 0);
    const inTable = kernels.reduce((sum, { milliseconds, runs }) => sum + milliseconds * runs, 0);
    expect(inTrace / 1000).toBeCloseTo(inTable, 2);
    for (const { milliseconds, multiplyAdds, bytes, gigaflops, gigabytes, peakShare } of kernels) {
      expect(gigaflops * milliseconds * 1e6).toBeCloseTo(2 * multiplyAdds, 3);
      expect(gigabytes * milliseconds * 1e6).toBeCloseTo(bytes, 3);
      expect(peakShare > 0).toBe(multiplyAdds > 0);
    }
  });

  it("changes no bit of what is computed", async () => {
    const { model } = await profiled(threads);
    const plain = classifier(threads);
    await fit(plain);
    expect(model.getWeights()).toEqual(plain.getWeights());
  });
});

describe("startProfile", () => {
  it("refuses a second profile at the same time, and records nothing after stop", async () => {
    const model = classifier(1);
    const recorder = startProfile();
    expect(() => startProfile()).toThrow(/a profile is being recorded; stop it first/);
    await model.predict(x);
    const profile = recorder.stop();
    const { length } = profile.kernels;
    expect(length).toBeGreaterThan(0);
    await fit(model);
    expect(recorder.stop()).toBe(profile);
    expect(profile.kernels).toHaveLength(length);
    expect(profile.phases).toEqual([]);
  });

  it("begins each profile with nothing, and leaves kernels out where they are not wanted", async () => {
    const model = classifier(2);
    const runs = async (kernels: boolean) => {
      const recorder = startProfile();
      recorder.kernels = kernels;
      await fit(model);
      return recorder.stop();
    };
    const [first, phases, second] = [await runs(true), await runs(false), await runs(true)];
    expect(phases.kernels).toEqual([]);
    expect(phases.phases).toHaveLength(2 + 2 * STEPS);
    const counts = ({ kernels }: Profile) => kernels.map(({ label, runs }) => `${label} ${runs}`).sort();
    expect(counts(second)).toEqual(counts(first));
  });
});
