/** @file A published network small enough for tests, and a cache folder of a test's own. */

import { createHash } from "node:crypto";
import { onTestFinished } from "vitest";
import { audioMetadata } from "../../audio-model/description.ts";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { readCheckpointIndex, readVariable } from "../../formats/tf-checkpoint/index.ts";
import { writeCheckpoint } from "../../formats/tf-checkpoint/testing/write-checkpoint.ts";
import { writeZip } from "../../formats/zip/write-zip.ts";
import { Model } from "../../nn/index.ts";
import { dense, globalAveragePooling1d } from "../../nn/layers/index.ts";
import { sequentialNetwork } from "../../nn/network-builders.ts";
import type { PretrainedDefinition } from "../definition.ts";

/** Makes the user's cache an empty folder until the test ends. */
export async function ownCache(): Promise<string> {
  const before = process.env.XDG_CACHE_HOME;
  const folder = await temporaryFolder();
  process.env.XDG_CACHE_HOME = folder;
  onTestFinished(() => {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  });
  return folder;
}

const TAGS = ["loud", "quiet", "steady"];

/** A tagger of 10 samples with these weights for their mean; three tags. */
export function smallTagger(kernel: Float32Array, classNames: readonly string[] = TAGS): Model {
  const network = sequentialNetwork([
    globalAveragePooling1d({ inputShape: [10, 1] }),
    dense({ units: 3, useBias: false }),
  ]);
  network.setWeights(new Map([["dense_1/kernel", { shape: [1, 3], data: kernel }]]));
  const model = new Model(network, { threads: 1 });
  model.metadata = audioMetadata({
    task: "tagging",
    classNames,
    frontEnd: { kind: "waveform", sampleRate: 1000 },
    windowFrames: 10,
  });
  return model;
}

/** A package with the small tagger, and its definition. */
export function smallPackage(url: string): {
  readonly wheel: Uint8Array;
  readonly definition: PretrainedDefinition;
} {
  const { index, data } = writeCheckpoint({ kernel: { shape: [1, 3], data: Float32Array.of(2, -2, 0) } });
  const wheel = writeZip([
    ["small/.index", index],
    ["small/.data-00000-of-00001", data],
    ["LICENSE", new TextEncoder().encode("Do as you like.\n")],
  ]);
  const file = "small-1.0-py3-none-any.whl";
  const definition: PretrainedDefinition = {
    name: "small",
    title: "3 tags",
    trainedOn: ["Ten clips"],
    licence: "0BSD",
    citation: "Nobody 2026",
    homepage: "https://example.org",
    package: {
      name: "small",
      version: "1.0",
      file,
      url: `${url}${file}`,
      bytes: wheel.length,
      sha256: createHash("sha256").update(wheel).digest("hex"),
      licenceFile: "LICENSE",
    },
    approximateBytes: 1000,
    convert(files) {
      const checkpoint = readCheckpointIndex(files.read("small/.index"), "small/.index");
      const kernel = readVariable(checkpoint, "kernel", [files.read("small/.data-00000-of-00001")]);
      return smallTagger(kernel.data);
    },
  };
  return { wheel, definition };
}
