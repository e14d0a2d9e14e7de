/** @file A path that leads nowhere is called that before anything else, by every command and option that takes one. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { auricle } from "../testing/command-line.ts";

const NOWHERE = "./no/where";

it.each([
  ["train", NOWHERE],
  ["train", "~/nowhere"],
  ["train", "styles", "--from", NOWHERE],
  ["train", "styles", "--data-folder", NOWHERE],
  ["train", "digits", "--data-folder", NOWHERE],
  ["train", "--resume", NOWHERE],
  ["eval", NOWHERE],
  ["predict", NOWHERE, "song.wav"],
  ["export", NOWHERE, "--onnx", "model.onnx"],
  ["import", NOWHERE, "--out", "model.safetensors"],
  ["inspect", NOWHERE],
  ["inspect", "styles", "--data-folder", NOWHERE],
  ["summary", NOWHERE],
  ["data", "--data-folder", NOWHERE],
])("auricle %s %s …", async (...argv) => {
  const { code, stdout, stderr } = await auricle(argv);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^error: no such folder( or (file|list))?: .*where/);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
});

it("a folder that is there and holds no run is not called missing", async () => {
  const folder = await temporaryFolder();
  const { stderr } = await auricle(["eval", folder]);
  expect(stderr).toMatch(/^error: .* is not the folder of a run: it has no config\.json/);
  const below = await auricle(["train", "digits", "--data-folder", join(folder, "below")]);
  expect(below.stderr).toMatch(/^error: no such folder: .*below \(given by --data-folder\)/);
});
