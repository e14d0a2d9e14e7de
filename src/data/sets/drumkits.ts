import { findFiles } from "../collection/files.ts";
import { SOUND } from "../audio/medium.ts";
import { buildAudioCollection, type ClipEntry, type AudioCollection } from "../audio/collection.ts";
import type { AudioDatasetDefinition, AudioSource } from "../definition.ts";

const DRUMS = ["cymbal", "hi-hat", "kick", "snare", "tom"] as const;

type Drum = (typeof DRUMS)[number];

/**
 * Hits of the drum kits that come with Hydrogen, as Debian's and Ubuntu's package `hydrogen-drumkits` installs them. The
 * class is told by the file's name, the group is the kit.
 */
export const drumkits: AudioDatasetDefinition = {
  kind: "audio",
  name: "drumkits",
  title: "Drum hits, of the kits that come with Hydrogen",
  licence: "GPL 2, CC BY 3.0, CC BY-SA 3.0 or CC0, by kit",
  citation: "The authors of the kits, named in the copyright file of Debian's package hydrogen-drumkits",
  homepage: "http://hydrogen-music.org/",
  examples: { all: 453 },
  classNames: DRUMS,
  files: [],
  systemFolders: ["/usr/share/hydrogen/data/drumkits"],
  archives: [],
  roots: ["", "drumkits"],
  landmarks: ["*/drumkit.xml"],
  splits: [{ name: "by-kit", title: "split at random, each kit in one part", files: [] }],
  byHand:
    "install the package hydrogen-drumkits of Debian or Ubuntu, or put kits of Hydrogen (a folder with a drumkit.xml " +
    "each) into a folder and name it in $AURICLE_DATA",
  open: openDrumkits,
};

async function openDrumkits({ folder }: AudioSource): Promise<AudioCollection> {
  const found = await findFiles(folder, SOUND);
  const entries: ClipEntry[] = [];
  const leftOut = new Map<string, number>();
  for (const { name, path } of found.files) {
    const [kit, ...rest] = name.split("/");
    if (rest.length === 0) continue;
    const drum = drumOf(kit, rest[rest.length - 1]);
    if (drum) entries.push({ name, path, labels: [drum], group: `kit ${kit}` });
    else leftOut.set(kit, (leftOut.get(kit) ?? 0) + 1);
  }
  const counts = [...leftOut].map(([kit, count]) => `${count} of ${kit}`);
  const total = [...leftOut.values()].reduce((sum, count) => sum + count, 0);
  return buildAudioCollection({
    name: "drumkits",
    folder,
    task: "classification",
    classNames: DRUMS,
    entries,
    problems: found.problems,
    notes: total > 0 ? [`${total} hits whose names give no class are left out: ${counts.join(", ")}`] : [],
  });
}

/** Which drum a word in a file's name means, in any kit. */
const WORDS: readonly (readonly [RegExp, Drum])[] = [
  [/^(kick|bassdrum|bd)$/, "kick"],
  [/snare$|^(sn|sd)$/, "snare"],
  [/hat$|^(hh|chh|ohh)|^hats$/, "hi-hat"],
  [/^tom|tom$/, "tom"],
  [/^(crash|ride|splash|china|cymbal)$/, "cymbal"],
];

/** The meaning of abbreviations in one kit, by its drumkit.xml: they mean other things in others. */
const ABBREVIATIONS: Readonly<Record<string, Readonly<Record<string, Drum>>>> = {
  BJA_Pacific: { tm: "tom", cb: "cymbal", rd: "cymbal", bl: "cymbal" },
  HardElectro1: { k: "kick" },
  "Millo-Drums_v.1": { cra: "cymbal" },
  Millo_MultiLayered3: { sr: "snare", ho: "hi-hat", t: "tom", ft: "tom", cc: "cymbal", rc: "cymbal" },
  "The Black Pearl 1.0": { bell: "cymbal" },
};

/** The drum that a file's name tells, or undefined when it tells none or several. */
export function drumOf(kit: string, fileName: string): Drum | undefined {
  const stem = fileName.replace(/\.[^.]*$/, "");
  const words =
    stem
      .replace(/([a-z])([A-Z])/g, "$1 $2")
      .toLowerCase()
      .match(/[a-z]+/g) ?? [];
  const abbreviations = ABBREVIATIONS[kit] ?? {};
  const drums = new Set<Drum>();
  for (const word of words) {
    if (Object.hasOwn(abbreviations, word)) drums.add(abbreviations[word]);
    for (const [pattern, drum] of WORDS) if (pattern.test(word)) drums.add(drum);
  }
  return drums.size === 1 ? [...drums][0] : undefined;
}
