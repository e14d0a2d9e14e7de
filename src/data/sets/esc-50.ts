import { join } from "#here/io/path";
import { AuricleError } from "../../errors.ts";
import { checkFiles } from "../collection/files.ts";
import { SOUND } from "../audio/medium.ts";
import { buildAudioCollection, type AudioCollection } from "../audio/collection.ts";
import { readListRows } from "../collection/list-rows.ts";
import type { AudioDatasetDefinition, AudioSource } from "../definition.ts";

/** In the order of their numbers in the file names. */
const CLASS_NAMES = [
  ...["dog", "rooster", "pig", "cow", "frog", "cat", "hen", "insects", "sheep", "crow"],
  ...["rain", "sea_waves", "crackling_fire", "crickets", "chirping_birds"],
  ...["water_drops", "wind", "pouring_water", "toilet_flush", "thunderstorm"],
  ...["crying_baby", "sneezing", "clapping", "breathing", "coughing"],
  ...["footsteps", "laughing", "brushing_teeth", "snoring", "drinking_sipping"],
  ...["door_wood_knock", "mouse_click", "keyboard_typing", "door_wood_creaks", "can_opening"],
  ...["washing_machine", "vacuum_cleaner", "clock_alarm", "clock_tick", "glass_breaking"],
  ...["helicopter", "chainsaw", "siren", "car_horn", "engine"],
  ...["train", "church_bells", "airplane", "fireworks", "hand_saw"],
];

/**
 * Piczak's environmental sounds. Nobody publishes a checksum of the archive, which its host packs on demand; so it is
 * only taken by https.
 */
export const esc50: AudioDatasetDefinition = {
  kind: "audio",
  name: "esc-50",
  title: "ESC-50: environmental sounds, 5 s each",
  licence: "CC BY-NC 3.0",
  citation:
    "Karol J. Piczak: ESC: Dataset for Environmental Sound Classification, Proceedings of the 23rd ACM Conference on " +
    "Multimedia, 2015, doi:10.1145/2733373.2806390",
  homepage: "https://github.com/karolpiczak/ESC-50",
  examples: { all: 2000 },
  classNames: CLASS_NAMES,
  files: [],
  systemFolders: [],
  archives: [
    {
      name: "ESC-50-master.zip",
      urls: ["https://github.com/karolpiczak/ESC-50/archive/refs/heads/master.zip"],
      approximateBytes: 6e8,
      folder: "ESC-50",
      strip: 1,
    },
  ],
  roots: ["", "ESC-50", "ESC-50-master"],
  landmarks: ["meta/esc50.csv", "audio"],
  splits: [{ name: "folds", title: "five folds for cross-validation, by source", files: [] }],
  open: openEsc50,
};

/** Reads meta/esc50.csv: filename, fold (1 … 5), target, category, esc10, src_file, take. */
async function openEsc50({ folder }: AudioSource): Promise<AudioCollection> {
  const table = join(folder, "meta", "esc50.csv");
  const described = (await readListRows(table, SOUND)).map(({ where, values }) => {
    const [filename, fold, category, source] = ["filename", "fold", "category", "src_file"].map((column) =>
      String(values.get(column) ?? ""),
    );
    if (filename === "" || !/^[1-5]$/.test(fold) || !CLASS_NAMES.includes(category) || source === "") {
      throw new AuricleError(
        "file",
        `${table}: ${where}: it is not a line of ESC-50's table; download the file again`,
      );
    }
    const name = `audio/${filename}`;
    return {
      name,
      path: join(folder, name),
      labels: [category],
      fold: Number(fold) - 1,
      group: `source ${source}`,
    };
  });
  const { files, problems } = await checkFiles(described);
  const readable = new Set(files.map(({ name }) => name));
  return buildAudioCollection({
    name: "esc-50",
    folder,
    task: "classification",
    classNames: CLASS_NAMES,
    entries: described.filter(({ name }) => readable.has(name)),
    problems,
    notes: ["Published results are the mean over its five folds"],
  });
}
