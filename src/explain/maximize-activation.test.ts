/** @file Activation maximisation where the best input is known. */
import { expect, it } from "vitest";
import { dense, sequential } from "../nn/index.ts";
import { floatArray } from "../tensor/array.ts";
import { expectClose } from "../testing/compare.ts";
import { activations, maximizeActivation, type AscentStep } from "./index.ts";
import { rolled } from "./rolled.ts";
import { branched, normal, smoothClassifier } from "./testing/models.ts";

it("of w·x with a penalty l2·mean(x²) the best input is w·n / (2 l2), within 1 %", async () => {
  const net = sequential([dense({ units: 2, inputShape: [3], name: "sum" })], { threads: 1 });
  net.setWeights({
    "sum/kernel": floatArray([1, 0, -0.5, 0, 0.25, 1], [3, 2]),
    "sum/bias": floatArray([0, 0], [2]),
  });
  const { values } = await maximizeActivation(net, {
    unit: 0,
    l2: 1.5,
    smoothness: 0,
    steps: 800,
    learningRate: 0.02,
  });
  expectClose(values.data, [1, -0.5, 0.25], 1e-2, "best input");
});

it("counts penalties and updates in deviations of the input: the best one is center + scale²·w·n / (2 l2), within 1 %", async () => {
  const net = sequential([dense({ units: 1, inputShape: [3], name: "sum" })], { threads: 1 });
  net.setWeights({ "sum/kernel": floatArray([1, -0.5, 0.25], [3, 1]), "sum/bias": floatArray([0], [1]) });
  const options = { unit: 0, l2: 1.5, smoothness: 0, steps: 800, learningRate: 0.02 };
  const { values } = await maximizeActivation(net, {
    ...options,
    center: [10, 0, -5],
    scale: [1, 2, 0.5],
  });
  // 10 + 1·1, 0 - 4·0.5, -5 + 0.25·0.25
  expectClose(values.data, [11, -2, -4.9375], 1e-2, "best input");
  const held = await maximizeActivation(net, { ...options, center: 10, scale: 2, range: [9, 10.5] });
  expect([...held.values.data]).toEqual([10.5, 9, 10.5]);
});

it("tells of each step, with the inputs as they are then", async () => {
  const steps: AscentStep[] = [];
  const { history } = await maximizeActivation(smoothClassifier(), {
    unit: [0, 1],
    steps: 3,
    onStep: (step) => steps.push(step),
  });
  expect(steps.map(({ step, activations }) => [step, ...activations])).toEqual(
    [0, 1, 2].map((step) => [step, history[0][step], history[1][step]]),
  );
  expect(steps[0].values.data).not.toEqual(steps[2].values.data);
  expect(steps[0]).toMatchObject({ steps: 3, values: { shape: [2, 6, 5, 2] } });
});

it("raises the activation of each unit it is asked for, and says by how much", async () => {
  const net = smoothClassifier();
  const {
    values,
    activations: reached,
    history,
  } = await maximizeActivation(net, {
    layer: "conv2d_2",
    unit: [0, 3],
    steps: 60,
    seed: 4,
  });
  expect(values.shape).toEqual([2, 6, 5, 2]);
  expect(history.map((list) => list.length)).toEqual([60, 60]);
  const found = await activations(net, values, ["conv2d_2"]);
  [0, 3].forEach((channel, i) => {
    expect(reached[i]).toBeGreaterThan(history[i][0] + 0.2);
    const own = found.conv2d_2.data.subarray(8 * i, 8 * i + 8).filter((_, at) => at % 4 === channel);
    expect(reached[i]).toBeCloseTo((own[0] + own[1]) / 2, 5);
  });
});

it("climbs the logit of a class where the model ends in a softmax, within a range, from given inputs", async () => {
  const start = normal([1, 6, 5, 2]);
  const before = start.data.slice();
  const {
    values,
    activations: reached,
    history,
  } = await maximizeActivation(smoothClassifier(), {
    unit: 2,
    start,
    range: [-1, 1],
    jitter: 1,
    steps: 40,
  });
  expect(values.data.every((value) => Math.abs(value) <= 1)).toBe(true);
  expect(reached[0]).toBeGreaterThan(history[0][0]);
  expect(start.data).toEqual(before);
});

it("the same seed gives the same bits, another seed others", async () => {
  const climb = (seed: number) =>
    maximizeActivation(smoothClassifier(), { unit: 0, steps: 5, jitter: 2, seed });
  expect(await climb(1)).toEqual(await climb(1));
  expect((await climb(2)).values.data).not.toEqual((await climb(1)).values.data);
});

it("smoothness makes neighbours alike", async () => {
  const roughness = async (smoothness: number) => {
    const { values } = await maximizeActivation(smoothClassifier(), { unit: 0, steps: 60, smoothness });
    return values.data.reduce((sum, value, i) => sum + (i >= 10 ? (value - values.data[i - 10]) ** 2 : 0), 0);
  };
  expect(await roughness(30)).toBeLessThan(0.5 * (await roughness(0)));
});

it("a shift joins the ends, and its opposite undoes it", () => {
  const x = floatArray([1, 2, 3, 4, 5, 6], [1, 2, 3, 1]);
  expect([...rolled(x, [1, 1])]).toEqual([6, 4, 5, 3, 1, 2]);
  expect([...rolled({ shape: x.shape, data: rolled(x, [1, -2]) }, [-1, 2])]).toEqual([1, 2, 3, 4, 5, 6]);
});

it("refuses what makes no sense", async () => {
  const call = (options: object) => maximizeActivation(smoothClassifier(), { unit: 0, ...options });
  await expect(call({ unit: 3 })).rejects.toThrow(
    "unit must be a whole number in 0 … 2, or a list of them; got 3",
  );
  await expect(call({ unit: [] })).rejects.toThrow("got []");
  await expect(call({ steps: 1.5 })).rejects.toThrow("steps must be a whole number from 0; got 1.5");
  await expect(call({ range: [1, 0] })).rejects.toThrow("range must be [least, greatest]; got [1,0]");
  await expect(call({ scale: 0 })).rejects.toThrow("scale must be above 0; got 0");
  await expect(call({ center: NaN })).rejects.toThrow("center must be finite; got NaN");
  await expect(call({ center: [1, 2] })).rejects.toThrow(
    "center must be one number, or one for each of the 60 elements of [6,5,2]; got 2",
  );
  await expect(call({ start: normal([2, 6, 5, 2]) })).rejects.toThrow("one input for each of the 1 units");
  const several = maximizeActivation(branched(), { unit: 0 });
  await expect(several).rejects.toThrow("the model must have one input; it has left, right");
});
