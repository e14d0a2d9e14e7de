/** @file bench/gtzan-table.mjs on data that stand for GTZAN: tones of different height, and a small network as somebody may have published it. */

import { join } from "node:path";
import { expect, it } from "vitest";
import { gtzanTable } from "../../bench/gtzan-table.mjs";
import { savePublished } from "../cli/testing/published-network.ts";
import { QUICK, soundTests } from "../cli/testing/sound-runs.ts";
import { writeToneFolder } from "../runs/testing/recordings.ts";

const tests = soundTests();

it("has a row for each network and each model, and trains nothing twice", async () => {
  const [data, network] = [join(tests.folder, "tones"), join(tests.folder, "network.safetensors")];
  await writeToneFolder(data, { classes: ["low", "middle", "high"], clips: 6 });
  await savePublished(network);
  const trainings: string[] = [];
  const table = () =>
    gtzanTable(
      {
        data,
        splitName: "",
        seeds: 2,
        out: join(tests.folder, "runs"),
        networks: [network],
        tuned: [],
        scratch: ["notebook"],
        options: ["--threads", "1", "--split", "0.5/0.25/0.25"],
      },
      async (args) => {
        trainings.push(args.join(" "));
        const quick = args.includes("--model") ? QUICK.slice(2) : [];
        const { code, stderr } = await tests.run([...args, ...quick]);
        expect(stderr).not.toContain("error");
        return code;
      },
    );
  const lines = await table();
  expect(trainings).toHaveLength(4);
  expect(lines).toEqual([
    `${data}: accuracy in % on the 4 clips of the test part, the mean and each seed`,
    expect.stringMatching(/network\.safetensors, frozen, linear +\d+\.\d {2}\(\d+\.\d \d+\.\d\)$/),
    expect.stringMatching(/^notebook from scratch +\d+\.\d {2}\(\d+\.\d \d+\.\d\)$/),
  ]);
  expect(await table()).toEqual(lines);
  expect(trainings).toHaveLength(4);
});
