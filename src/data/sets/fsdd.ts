import { findFiles } from "../collection/files.ts";
import { SOUND } from "../audio/medium.ts";
import { buildAudioCollection, type ClipEntry, type AudioCollection } from "../audio/collection.ts";
import type { AudioDatasetDefinition, AudioSource } from "../definition.ts";

const DIGITS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

const BY_SPEAKER = "by-speaker";

/** Recordings up to this number are the official test part (the data set's README, "Usage"). */
const LAST_TEST_RECORDING = 4;

/**
 * Jackson's free spoken digits, of which version 1.0.9 is downloaded (five speakers): the SHA-256 sum is that by which
 * TensorFlow Datasets checks it. Other versions are accepted as a folder.
 */
export const fsdd: AudioDatasetDefinition = {
  kind: "audio",
  name: "fsdd",
  title: "Free Spoken Digit Dataset: spoken digits, 8 kHz",
  licence: "CC BY-SA 4.0",
  citation: "Zohar Jackson and others: Free Spoken Digit Dataset, version 1.0.9, doi:10.5281/zenodo.1342401",
  homepage: "https://github.com/Jakobovski/free-spoken-digit-dataset",
  examples: { train: 2250, test: 250 },
  classNames: DIGITS,
  files: [],
  systemFolders: [],
  archives: [
    {
      name: "free-spoken-digit-dataset-1.0.9.tar.gz",
      urls: ["https://github.com/Jakobovski/free-spoken-digit-dataset/archive/v1.0.9.tar.gz"],
      bytes: 11_975_353,
      approximateBytes: 11_975_353,
      sha256: "8bc44cde129d505cbbb6b365c09f80c663f2aa77578afc634e6141a2f87100c0",
      folder: "free-spoken-digit-dataset",
      strip: 1,
    },
  ],
  roots: ["", "free-spoken-digit-dataset", "free-spoken-digit-dataset-master"],
  landmarks: ["recordings/0_jackson_0.wav"],
  splits: [
    { name: "official", title: "recordings 0 to 4 of each digit and speaker are tested", files: [] },
    { name: BY_SPEAKER, title: "split at random, each speaker in one part", files: [] },
  ],
  open: openFsdd,
};

/** Files are called `{digit}_{speaker}_{number}.wav`. */
async function openFsdd({ folder, split }: AudioSource): Promise<AudioCollection> {
  const found = await findFiles(folder, SOUND);
  const entries: ClipEntry[] = [];
  for (const { name, path } of found.files) {
    const match = /^recordings\/(\d)_(.+)_(\d+)\.wav$/.exec(name);
    if (!match) continue;
    const [, digit, speaker, number] = match;
    const isTest = Number(number) <= LAST_TEST_RECORDING;
    entries.push({
      name,
      path,
      labels: [digit],
      // The official parts share all speakers, so there each recording stands for itself.
      ...(split === BY_SPEAKER ? { group: `speaker ${speaker}` } : { split: isTest ? "test" : "train" }),
    });
  }
  return buildAudioCollection({
    name: "fsdd",
    folder,
    task: "classification",
    classNames: DIGITS,
    entries,
    problems: found.problems,
    notes:
      split === BY_SPEAKER
        ? []
        : [
            `All its speakers are in training and in the test; the split "${BY_SPEAKER}" tests on other voices`,
          ],
  });
}
