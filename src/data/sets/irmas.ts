import { basename, dirname, join } from "#here/io/path";
import { readFileBytes } from "../../io/atomic-file.ts";
import { findFiles, type FoundFile } from "../collection/files.ts";
import { SOUND } from "../audio/medium.ts";
import { buildAudioCollection, type ClipEntry, type AudioCollection } from "../audio/collection.ts";
import type { FileProblem } from "../collection/collection.ts";
import type { AudioDatasetDefinition, AudioSource, DatasetArchive } from "../definition.ts";

/** By the codes in the names of folders and in the lists of labels. */
const INSTRUMENTS: ReadonlyMap<string, string> = new Map([
  ["cel", "cello"],
  ["cla", "clarinet"],
  ["flu", "flute"],
  ["gac", "acoustic guitar"],
  ["gel", "electric guitar"],
  ["org", "organ"],
  ["pia", "piano"],
  ["sax", "saxophone"],
  ["tru", "trumpet"],
  ["vio", "violin"],
  ["voi", "voice"],
]);

const TRAINING = "IRMAS-TrainingData";

const TESTING = "IRMAS-TestingData";

const TRAINING_PART = "training-part";

/**
 * Excerpts of music by the instruments that predominate. In the training part each has one label, in the test part
 * several; so it is a tagging. The MD5 sums are Zenodo's.
 */
export const irmas: AudioDatasetDefinition = {
  kind: "audio",
  name: "irmas",
  title: "IRMAS: instruments in music, predominant ones",
  licence: "CC BY-NC-SA 3.0",
  citation:
    "Juan J. Bosch, Jordi Janer, Ferdinand Fuhrmann, Perfecto Herrera: A Comparison of Sound Segregation Techniques for " +
    "Predominant Instrument Recognition in Musical Audio Signals, Proceedings of ISMIR, 2012, " +
    "doi:10.5281/zenodo.1290750",
  homepage: "https://www.upf.edu/web/mtg/irmas",
  examples: { train: 6705, test: 2874 },
  classNames: [...INSTRUMENTS.values()],
  files: [],
  systemFolders: [],
  archives: [
    archive(TRAINING, 3e9, "4fd9f5ed5a18d8e2687e6360b5f60afe"),
    archive(`${TESTING}-Part1`, 3e9, "5a2e65520dcedada565dff2050bb2a56"),
    archive(`${TESTING}-Part2`, 3e9, "afb0c8ea92f34ee653693106be95c895"),
    archive(`${TESTING}-Part3`, 3e9, "9b3fb2d0c89cdc98037121c25bd5b556"),
  ],
  roots: ["", "IRMAS"],
  landmarks: [`${TRAINING}/cel`],
  splits: [
    { name: "official", title: "tagging: the authors' test part has several labels per clip", files: [] },
    { name: TRAINING_PART, title: "classification: the training part only, split by song", files: [] },
  ],
  open: openIrmas,
};

function archive(folder: string, approximateBytes: number, md5: string): DatasetArchive {
  const name = `${folder}.zip`;
  return {
    name,
    urls: [`https://zenodo.org/records/1290750/files/${name}`],
    approximateBytes,
    md5,
    folder,
    strip: 1,
  };
}

async function openIrmas({ folder, split }: AudioSource): Promise<AudioCollection> {
  const found = await findFiles(folder, SOUND);
  const inFolder = (start: string) => found.files.filter(({ name }) => name.startsWith(start));
  const train = inFolder(`${TRAINING}/`).flatMap(describeTraining);
  const isTagging = split !== TRAINING_PART;
  const test = isTagging ? await describeTest(inFolder(TESTING)) : { entries: [], problems: [] };
  return buildAudioCollection({
    name: "irmas",
    folder,
    task: isTagging ? "tagging" : "classification",
    classNames: [...INSTRUMENTS.values()],
    entries: [
      ...train.map((entry): ClipEntry => (isTagging ? { ...entry, split: "train" } : entry)),
      ...test.entries,
    ],
    problems: [...found.problems, ...test.problems],
    notes: isTagging && test.entries.length === 0 ? ["The test part is not here"] : [],
  });
}

/** `cel/008__[cel][nod][cla]0058__1.wav` is the first excerpt of recording 58; the folder is the instrument. */
function describeTraining({ name, path }: FoundFile): ClipEntry[] {
  const instrument = INSTRUMENTS.get(basename(dirname(name)));
  if (instrument === undefined) return [];
  const recording = /(\d+)__\d+\.\w+$/.exec(name)?.[1];
  return [{ name, path, labels: [instrument], ...(recording && { group: `recording ${recording}` }) }];
}

/** Beside `A song-1.wav`, an excerpt of "A song", is `A song-1.txt` with the code of an instrument in each line. */
async function describeTest(
  files: readonly FoundFile[],
): Promise<{ entries: ClipEntry[]; problems: FileProblem[] }> {
  const entries: ClipEntry[] = [];
  const problems: FileProblem[] = [];
  for (const { name, path } of files) {
    const stem = basename(path).replace(/\.\w+$/, "");
    const list = join(dirname(path), `${stem}.txt`);
    const codes = await readCodes(list).catch(() => []);
    const labels = codes.map((code) => INSTRUMENTS.get(code));
    const known = labels.flatMap((label) => label ?? []);
    if (known.length === 0 || known.length < labels.length) {
      problems.push({ path, problem: `the codes of its instruments are not in ${basename(list)}` });
      continue;
    }
    entries.push({ name, path, labels: known, group: `song ${stem.replace(/-\d+$/, "")}`, split: "test" });
  }
  return { entries, problems };
}

async function readCodes(path: string): Promise<string[]> {
  const text = new TextDecoder().decode(await readFileBytes(path));
  return text.split(/\s+/).filter((code) => code !== "");
}
