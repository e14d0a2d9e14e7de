import { createHash } from "node:crypto";
import { findFiles } from "../collection/files.ts";
import { SOUND } from "../audio/medium.ts";
import { buildAudioCollection, type ClipEntry, type AudioCollection } from "../audio/collection.ts";
import type { SplitRole } from "../collection/collection.ts";
import type { AudioDatasetDefinition, AudioSource } from "../definition.ts";

const WORDS = [
  ...["backward", "bed", "bird", "cat", "dog", "down", "eight", "five", "follow", "forward", "four", "go"],
  ...["happy", "house", "learn", "left", "marvin", "nine", "no", "off", "on", "one", "right", "seven"],
  ...["sheila", "six", "stop", "three", "tree", "two", "up", "visual", "wow", "yes", "zero"],
];

/** Warden's spoken words, version 0.02. The SHA-256 sum is that by which torchaudio and TensorFlow Datasets check it. */
export const speechCommands: AudioDatasetDefinition = {
  kind: "audio",
  name: "speech-commands",
  title: "Speech Commands 0.02: 35 spoken words, 1 s each",
  licence: "CC BY 4.0",
  citation:
    "Pete Warden: Speech Commands: A Dataset for Limited-Vocabulary Speech Recognition, 2018, arXiv:1804.03209",
  homepage: "https://arxiv.org/abs/1804.03209",
  examples: { train: 84_843, validation: 9_981, test: 11_005 },
  classNames: WORDS,
  files: [],
  systemFolders: [],
  archives: [
    {
      name: "speech_commands_v0.02.tar.gz",
      urls: [
        "https://storage.googleapis.com/download.tensorflow.org/data/speech_commands_v0.02.tar.gz",
        "http://download.tensorflow.org/data/speech_commands_v0.02.tar.gz",
      ],
      bytes: 2_428_923_189,
      approximateBytes: 2_428_923_189,
      sha256: "af14739ee7dc311471de98f5f9d2c9191b18aedfe957f4a6ff791c709868ff58",
      folder: "speech_commands_v0.02",
      strip: 0,
    },
  ],
  roots: ["", "speech_commands_v0.02", "SpeechCommands/speech_commands_v0.02"],
  landmarks: ["testing_list.txt", "validation_list.txt", "zero"],
  splits: [{ name: "official", title: "by the hash of the speaker, 80 / 10 / 10 %", files: [] }],
  open: openSpeechCommands,
};

async function openSpeechCommands({ folder }: AudioSource): Promise<AudioCollection> {
  const found = await findFiles(folder, SOUND);
  const entries: ClipEntry[] = [];
  let noises = 0;
  for (const { name, path } of found.files) {
    const [word, file] = name.split("/");
    if (!WORDS.includes(word)) {
      noises++;
      continue;
    }
    const speaker = speakerOf(file);
    entries.push({ name, path, labels: [word], group: `speaker ${speaker}`, split: splitOfSpeaker(speaker) });
  }
  return buildAudioCollection({
    name: "speech-commands",
    folder,
    task: "classification",
    classNames: WORDS,
    entries,
    problems: found.problems,
    notes: noises > 0 ? [`${noises} recordings of background noise are not words and are left out`] : [],
  });
}

/** `0a7c2a8d_nohash_1.wav` is the second time that speaker 0a7c2a8d says the word. */
function speakerOf(file: string): string {
  return file.replace(/_nohash_.*$/, "").replace(/\.wav$/, "");
}

/** The greatest number to which a speaker's hash is reduced. */
const LARGEST_HASH = 2 ** 27 - 1;

/**
 * The part of a speaker by the function `which_set` of the data set's README, with 10 % for validation and 10 % for the
 * test: SHA-1 of the speaker's id, modulo 2²⁷, as a percentage.
 */
export function splitOfSpeaker(speaker: string): SplitRole {
  const digest = createHash("sha1").update(speaker).digest();
  const percentage = ((digest.readUInt32BE(digest.length - 4) % (LARGEST_HASH + 1)) * 100) / LARGEST_HASH;
  if (percentage < 10) return "validation";
  return percentage < 20 ? "test" : "train";
}
