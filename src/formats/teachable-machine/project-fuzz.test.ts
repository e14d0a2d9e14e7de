/** @file Damaged and hostile projects of Teachable Machine: each is read or refused by an error of the library. */
import { expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { deriveKey, Generator } from "../../random/generator.ts";
import { FUZZ_SEED, FUZZ_TIMES } from "../../testing/fuzz.ts";
import { mutateBytes } from "../../testing/mutate-bytes.ts";
import { openZip } from "../zip/read-zip.ts";
import { writeZip } from "../zip/write-zip.ts";
import { projectSound, teachableMachineProject } from "./project.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

const SAMPLES = utf8(
  JSON.stringify([
    { frequencyFrames: [[-80.5]], blob: null, startTime: 0, endTime: 1.1, blobFilePath: "sample-1.webm" },
    {
      frequencyFrames: [[-90]],
      startTime: 1.1,
      endTime: 2.2,
      recordingDuration: 2.2,
      blobFilePath: "none.webm",
    },
  ]),
);

const MANIFEST = utf8(JSON.stringify({ type: "audio", version: "2.4.10", appdata: { trainEpochs: 50 } }));

/** A project, of the content of a class's archive and whether that is compressed. */
function project(samples: Uint8Array, manifest: Uint8Array, compress: boolean): Uint8Array {
  const sound = writeZip(
    [
      ["samples.json", samples],
      ["sample-1.webm", Uint8Array.of(1, 2, 3)],
    ],
    { compress },
  );
  return writeZip([
    ["clap-!-0.zip", sound],
    ["manifest.json", manifest],
  ]);
}

function readAll(bytes: Uint8Array): void {
  const zip = openZip(bytes, "damaged.tm");
  for (const { path } of teachableMachineProject(zip, "damaged.tm")?.files ?? []) {
    const { samples, read } = projectSound(zip.read(path), `damaged.tm/${path}`);
    for (const { recording, start, end } of samples) {
      expect(start).toBeLessThan(end);
      if (recording !== undefined) read(recording);
    }
  }
}

const random = new Generator(deriveKey(FUZZ_SEED, "projects of Teachable Machine"));

/** Checksums refuse most damage to an archive: damage inside it has to come before they are made. */
it.each<[string, () => Uint8Array]>([
  ["the archive", () => mutateBytes(project(SAMPLES, MANIFEST, false), random)],
  ["the samples", () => project(mutateBytes(SAMPLES, random), MANIFEST, true)],
  ["the manifest", () => project(SAMPLES, mutateBytes(MANIFEST, random), false)],
])("damage to %s is refused or does not matter", (what, damaged) => {
  for (let i = 0; i < 300 * FUZZ_TIMES; i++) {
    try {
      readAll(damaged());
    } catch (error) {
      if (error instanceof AuricleError && error.message.includes("damaged.tm")) continue;
      expect.fail(`${what}, number ${i}: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
});
