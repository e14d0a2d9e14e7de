/** @file Model files whose description is not that of their tensors, or of anything: a named error, and no memory taken. */
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execPath } from "node:process";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { AuricleError } from "../../errors.ts";
import { buildModule } from "../../testing/built-module.ts";
import { dense, globalAveragePooling1d, maxPooling1d } from "../layers/index.ts";
import { sequential } from "../model.ts";
import { sequentialNetwork } from "../network-builders.ts";
import { fileOf, nested, type readHostileModels } from "../testing/hostile-models.ts";
import { modelFromBytes, modelToBytes } from "./index.ts";

it("gives a named error or a model for hostile values in all layers' descriptions, in 256 MB", async () => {
  const module = await buildModule("nn/testing/hostile-models.ts");
  const script = join(await temporaryFolder(), "load.mjs");
  await writeFile(
    script,
    `import { readHostileModels } from ${JSON.stringify(module)};
    const found = readHostileModels(17);
    console.log(JSON.stringify({ ...found, megabytes: process.resourceUsage().maxRSS / 1024 }));`,
  );
  const child = spawnSync(execPath, ["--max-old-space-size=128", script], {
    encoding: "utf8",
    timeout: 110_000,
  });
  expect([child.status, child.stderr]).toEqual([0, ""]);
  const found = JSON.parse(child.stdout) as ReturnType<typeof readHostileModels> & { megabytes: number };
  expect(found.problems).toEqual([]);
  expect(found.files).toBeGreaterThan(20_000);
  expect(found.loaded).toBeGreaterThan(0);
  expect(found.megabytes).toBeLessThan(256);
}, 120_000);

const network = sequentialNetwork([
  maxPooling1d({ poolSize: 2, padding: "same", inputShape: [8, 3] }),
  globalAveragePooling1d(),
  dense({ units: 2 }),
]);

function changed(layer: number, option: string, value: unknown): Uint8Array {
  const { layers, ...rest } = network.config;
  const config = { ...layers[layer].config, [option]: value };
  return fileOf(network, {
    ...rest,
    layers: layers.map((one, i) => (i === layer ? { ...one, config } : one)),
  });
}

it.each([
  [
    2,
    "units",
    8e6,
    'm: network sequential: weight "dense_1/kernel" must be [3,8000000]; got [3,2] with 6 numbers',
  ],
  [2, "units", 1e9, "m: layer dense_1: kernel of shape [3,1000000000] has 3000000000 numbers"],
  [2, "units", 2 ** 31, "m: dense: units must be a positive integer; got 2147483648"],
  [0, "poolSize", [2 ** 31], "m: maxPooling1d: poolSize must be a positive integer or 1 of them"],
  [0, "poolSize", [2 ** 30], "a window over an axis of length 8 may be at most 65536 wide; got 1073741824"],
  [
    0,
    "poolSize",
    nested(200),
    "m: its model description must be nested at most 100 levels deep; it is deeper",
  ],
])("layer %d with %s of %s", (layer, option, value, message) => {
  const load = () => modelFromBytes(changed(layer, option, value), "m");
  expect(load).toThrow(AuricleError);
  expect(load).toThrow(message);
});

it("refuses metadata of 10,000 levels, in a file and when one is to be written", () => {
  const deep = `{"deep":${"[".repeat(10_000)}${"]".repeat(10_000)}}`;
  expect(() => modelFromBytes(fileOf(network, network.config, deep), "m")).toThrow(
    "m: its model description must be nested at most 100 levels deep; it is deeper",
  );
  const model = sequential([dense({ units: 2, inputShape: [3] })]);
  model.metadata = JSON.parse(JSON.stringify({ deep: nested(200) })) as typeof model.metadata;
  expect(() => modelToBytes(model)).toThrow("metadata may be nested at most 99 levels deep");
});

it("refuses more weights than memory could hold, before it asks for any", () => {
  expect(() => sequentialNetwork([dense({ units: 2 ** 20, inputShape: [1024] })])).toThrow(
    "layer dense_1: kernel of shape [1024,1048576] has 1073741824 numbers, and a tensor may have at most 268435456",
  );
});
