import { expect, it } from "vitest";
import { proposeSweep, type ProposalFacts } from "./propose.ts";
import { readSweep } from "./sweep-file.ts";

const SOUND: ProposalFacts = {
  data: "styles",
  examples: 1000,
  counts: [500, 500],
  config: {
    kind: "sound",
    task: "classification",
    model: "mel-cnn",
    epochs: 40,
    batchSize: 32,
    optimizer: "adamw",
    learningRate: 3e-3,
    weightDecay: 1e-2,
  },
};

/** Whatever the data, the proposal is a file without contradictions. */
function readProposal(facts: ProposalFacts) {
  const text = JSON.stringify(proposeSweep(facts));
  return readSweep(text, "/sweeps/sweep.json", () => Promise.resolve(facts.config.kind));
}

it.each([
  ...[10, 99, 499, 500, 20_000].map((examples) => ({ ...SOUND, examples })),
  { ...SOUND, counts: [10, 300, 0] },
  { ...SOUND, config: { ...SOUND.config, task: "tagging" } } as const,
  { ...SOUND, config: { ...SOUND.config, task: "regression", model: "my network" } } as const,
  {
    ...SOUND,
    data: "digits",
    config: {
      ...SOUND.config,
      kind: "images",
      model: "lenet5",
      epochs: 10,
      batchSize: 64,
      optimizer: "adam",
    },
  } as const,
])("proposes what can be read: %j", async (facts) => {
  const { space, base, strategy } = await readProposal(facts);
  expect(base.epochs).toBe(facts.config.epochs);
  expect(strategy).toBe("asha");
  const names = space.map(({ name }) => name);
  expect(names).toContain("learningRate");
  // Few options: with more, nothing but chance is found in a few dozen runs.
  expect(names.length).toBeLessThanOrEqual(7);
});

it("suits the task and the size", async () => {
  const optionsOf = async (facts: ProposalFacts) => (await readProposal(facts)).space.map(({ name }) => name);
  expect(await optionsOf(SOUND)).toEqual([
    ...["model", "learningRate", "batchSize", "weightDecay", "labelSmoothing", "augment"],
  ]);
  expect(await optionsOf({ ...SOUND, counts: [100, 900] })).toContain("balance");
  expect(await optionsOf({ ...SOUND, config: { ...SOUND.config, task: "regression" } })).not.toContain(
    "labelSmoothing",
  );
  expect(await optionsOf({ ...SOUND, examples: 100 })).not.toContain("batchSize");
  expect(await readProposal({ ...SOUND, examples: 100 })).toMatchObject({ seeds: 3, budget: { runs: 81 } });
  expect(await readProposal(SOUND)).toMatchObject({ seeds: 1, budget: { runs: 27 } });
});
