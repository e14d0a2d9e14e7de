import { readClassFolder } from "../collection/class-folder.ts";
import { audioCollection, type AudioCollection } from "../audio/collection.ts";
import { SOUND } from "../audio/medium.ts";
import type { AudioDatasetDefinition, AudioSource } from "../definition.ts";
import { STYLE_NAMES } from "../synthesis/styles/index.ts";
import { writeStylesFolder } from "../synthesis/styles/styles-file.ts";

const TRACKS_PER_STYLE = 60;
const SECONDS = 10;

/** Ten imitated musical styles, rendered by code into the user's cache at their first use. */
export const styles: AudioDatasetDefinition = {
  kind: "audio",
  name: "styles",
  title: "Styles: synthetic music, ten styles rendered by code",
  licence: "MIT",
  citation: "Part of Auricle",
  homepage: "src/data/synthesis/styles",
  examples: { all: TRACKS_PER_STYLE * STYLE_NAMES.length },
  classNames: STYLE_NAMES,
  files: [],
  systemFolders: [],
  archives: [],
  // The options are part of the name, so that other ones never mix with these.
  roots: [`${TRACKS_PER_STYLE}-tracks-of-${SECONDS}-seconds`],
  landmarks: STYLE_NAMES.map((name) => `${name}/${name}.00000.wav`),
  splits: [{ name: "random", title: "split at random, each track in one part", files: [] }],
  async render(folder, onProgress) {
    const options = { tracksPerStyle: TRACKS_PER_STYLE, seconds: SECONDS, seed: 0 };
    await writeStylesFolder(folder, options, ({ done, total }) => onProgress(done, total));
  },
  open: openStyles,
};

async function openStyles({ folder }: AudioSource): Promise<AudioCollection> {
  return {
    ...audioCollection(await readClassFolder(folder, SOUND)),
    name: "styles",
    notes: [
      "These recordings are synthetic: imitations of styles, rendered by code. A model that distinguishes them has not learnt " +
        "the genres of real music",
    ],
  };
}
