import { describe, expect, it } from "vitest";
import { deriveKey, Generator } from "../../random/generator.ts";
import { answerOf, convergedHead, type HeadExample } from "./converged-head.ts";

const WIDTH = 12;

/** Examples of two classes in noise of 12 features, of which one tells them apart. */
function examplesOf(count: number, noise: number, seed = 0): HeadExample[] {
  const random = new Generator(deriveKey(seed, "head examples"));
  return Array.from({ length: count }, (_, i) => {
    const label = i % 2;
    const rows = Float32Array.from(
      { length: 3 * WIDTH },
      (_, at) => (at % WIDTH === 0 ? 2 * label - 1 : 0) + noise * (random.uniform() - 0.5),
    );
    return { rows, target: Float32Array.of(1 - label, label), group: String(i), weight: 1 };
  });
}

const OPTIONS = { width: WIDTH, strengths: [0.01, 0.1, 1, 10], seed: 3, signal: undefined };

describe("the strength of a head's penalty", () => {
  it("is chosen on a validation part that is large enough, as the one with the least loss there", async () => {
    const { choice } = await convergedHead(
      "classification",
      examplesOf(20, 8),
      examplesOf(30, 8, 1),
      OPTIONS,
    );
    expect(choice.chosenOn).toBe("validation");
    expect(choice.tried.map(({ strength }) => strength)).toEqual(OPTIONS.strengths);
    const least = Math.min(...choice.tried.map(({ loss }) => loss));
    expect(choice.tried.find(({ strength }) => strength === choice.strength)?.loss).toBe(least);
  });

  it("is chosen within the training part where validation is small or absent", async () => {
    for (const validation of [[], examplesOf(6, 8, 1)]) {
      const { choice, head } = await convergedHead("classification", examplesOf(10, 8), validation, OPTIONS);
      expect(choice).toMatchObject({ chosenOn: "training", converged: true, features: WIDTH });
      expect(choice.tried).toHaveLength(4);
      expect(head.kernel.shape).toEqual([WIDTH, 2]);
    }
  });

  it("is stronger where features are mostly noise", async () => {
    const strengthAt = async (noise: number) =>
      (await convergedHead("classification", examplesOf(20, noise), [], OPTIONS)).choice.strength;
    expect(await strengthAt(12)).toBeGreaterThan(await strengthAt(0.1));
  });

  it("is a default where nothing can be held out", async () => {
    const one = examplesOf(8, 1).map((example) => ({ ...example, group: "all" }));
    const { choice } = await convergedHead("classification", one, [], OPTIONS);
    expect(choice).toMatchObject({ chosenOn: "nothing", tried: [], strength: 0.3 });
  });
});

it("chooses the same strength, and the same head, where features are more than rows", async () => {
  // The same features twelve times: twelve times the strength gives the same answers.
  const copies = 12;
  const wide = (examples: HeadExample[]) =>
    examples.map(({ rows, ...rest }) => ({
      ...rest,
      rows: Float32Array.from(
        { length: rows.length * copies },
        (_, i) => rows[WIDTH * Math.floor(i / (WIDTH * copies)) + (i % WIDTH)],
      ),
    }));
  const [train, validation] = [examplesOf(10, 4), examplesOf(6, 4, 1)];
  const narrow = await convergedHead("classification", train, validation, OPTIONS);
  const strengths = OPTIONS.strengths.map((strength) => copies * strength);
  const other = await convergedHead("classification", wide(train), wide(validation), {
    ...OPTIONS,
    width: copies * WIDTH,
    strengths,
  });
  expect(other.choice.strength).toBe(copies * narrow.choice.strength);
  other.choice.tried.forEach(({ loss }, i) => expect(loss).toBeCloseTo(narrow.choice.tried[i].loss, 3));
  for (const example of validation) {
    const [answer] = answerOf("classification", narrow.head, example);
    expect(answerOf("classification", other.head, wide([example])[0])[0]).toBeCloseTo(answer, 3);
  }
});

it("keeps groups whole when it holds examples out: what is only recognised within a group is not learnt", async () => {
  // The class is told by noise that all examples of a group share, and by nothing else.
  const random = new Generator(deriveKey(1, "groups"));
  const examples = Array.from({ length: 8 }, (_, group) => {
    const own = Float32Array.from({ length: WIDTH }, () => random.uniform() - 0.5);
    const label = group % 2;
    return Array.from({ length: 4 }, () => ({
      rows: own.map((value) => value + 0.01 * random.uniform()),
      target: Float32Array.of(1 - label, label),
      group: String(group),
      weight: 1,
    }));
  }).flat();
  const { choice } = await convergedHead("classification", examples, [], OPTIONS);
  expect(choice.strength).toBeGreaterThanOrEqual(1);
});

it("answers for an example with the mean over its windows", () => {
  const kernel = { shape: [1, 2], data: Float32Array.of(1, -1) };
  const bias = { shape: [2], data: Float32Array.of(0, 0) };
  const answer = answerOf("classification", { kernel, bias }, { rows: Float32Array.of(2, 0) });
  const first = 1 / (1 + Math.exp(-4));
  expect(answer[0]).toBeCloseTo((first + 0.5) / 2, 6);
});

it("trains heads for tags and numbers", async () => {
  const rows = (value: number) => Float32Array.of(value);
  const numbers = [-1, 0, 1, 2].map((x) => ({
    rows: rows(x),
    target: Float32Array.of(2 * x),
    group: String(x),
    weight: 1,
  }));
  const options = { ...OPTIONS, width: 1, strengths: [1e-4] };
  const regression = await convergedHead("regression", numbers, [], options);
  expect(regression.head.kernel.data[0]).toBeCloseTo(2, 2);
  const tags = numbers.map((one, i) => ({ ...one, target: Float32Array.of(i > 1 ? 1 : 0, i % 2) }));
  const { head } = await convergedHead("tagging", tags, [], options);
  expect(head.kernel.data[0]).toBeGreaterThan(1);
});
