import { expect, it } from "vitest";
import { deriveKey, Generator } from "../random/generator.ts";
import { Batches, chooseBatch, type BatchNetwork, type Part } from "./batches.ts";
import { MOST_AT_ONCE, sizePower } from "./bit-classes.ts";

/** A network of programs that say which of them computed: each window's output is the window's number and the program's class. */
function tellingNetwork(bitClasses: readonly number[]): BatchNetwork & { readonly batches: number[] } {
  const batches: number[] = [];
  return {
    bitClasses,
    batches,
    async run(parts) {
      const total = parts.reduce((sum, { count }) => sum + count, 0);
      batches.push(total);
      await Promise.resolve();
      return parts.map(({ data }) => data.map((value) => 10 * value + bitClasses[sizePower(total)]));
    },
  };
}

function partOf(first: number, count: number): Part {
  return { data: Float32Array.from({ length: count }, (_, i) => first + i), count };
}

it("no part's outputs depend on what it shares a batch with, whatever the classes", async () => {
  const random = new Generator(deriveKey("batches"));
  const whole = (below: number) => Math.floor(random.uniform() * below);
  for (let round = 0; round < 50; round++) {
    const steps = Array.from({ length: 5 }, () => whole(2));
    const classes = steps.reduce((all, step) => [...all, all[all.length - 1] + step], [0]);
    const networks = [tellingNetwork(classes), tellingNetwork([0, 0, 0, 0, 0, 0])];
    const batches = new Batches();
    const asked = Array.from({ length: 40 }, (_, i) => {
      const network = networks[whole(2)];
      const part = partOf(100 * i, 1 + whole(MOST_AT_ONCE));
      const alone = part.data.map((value) => 10 * value + network.bitClasses[sizePower(part.count)]);
      return batches.compute(network, part).then((outputs) => expect(outputs).toEqual(alone));
    });
    await Promise.all(asked);
    for (const { batches: sizes } of networks)
      expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(MOST_AT_ONCE);
  }
});

it("parts of several requests go together where their bits allow it", () => {
  const network = tellingNetwork([0, 1, 1, 1, 1, 1]);
  const other = tellingNetwork([0, 0, 0, 0, 0, 0]);
  const counts = (waiting: readonly (readonly [BatchNetwork, number])[]) =>
    chooseBatch(waiting.map(([owner, count]) => ({ network: owner, ...partOf(0, count) }))).map(
      ({ count }) => count,
    );
  // One window by itself is computed by another program than two.
  expect(
    counts([
      [network, 1],
      [network, 1],
    ]),
  ).toEqual([1]);
  expect(
    counts([
      [network, 2],
      [network, 1],
      [network, 3],
      [other, 4],
      [network, 27],
      [network, 28],
    ]),
  ).toEqual([2, 3, 27]);
  expect(
    counts([
      [other, 1],
      [other, 1],
      [other, 30],
      [other, 1],
    ]),
  ).toEqual([1, 1, 30]);
});

it("a batch that fails fails all of its parts, and the next is computed", async () => {
  let fails = true;
  const network: BatchNetwork = {
    bitClasses: [0, 0, 0, 0, 0, 0],
    run: (parts) =>
      fails ? Promise.reject(new Error("broken")) : Promise.resolve(parts.map(({ data }) => data)),
  };
  const batches = new Batches();
  const first = batches.compute(network, partOf(1, 1));
  await expect(first).rejects.toThrow("broken");
  fails = false;
  expect(await batches.compute(network, partOf(2, 1))).toEqual(Float32Array.of(2));
});
