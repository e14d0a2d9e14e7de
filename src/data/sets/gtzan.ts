import { basename, join } from "#here/io/path";
import { readFileBytes } from "../../io/atomic-file.ts";
import { findFiles, type FoundFile } from "../collection/files.ts";
import { SOUND } from "../audio/medium.ts";
import { buildAudioCollection, type ClipEntry, type AudioCollection } from "../audio/collection.ts";
import type { FileProblem, SplitRole } from "../collection/collection.ts";
import type { AudioDatasetDefinition, AudioSource, DatasetFile } from "../definition.ts";

const GENRES = ["blues", "classical", "country", "disco", "hiphop", "jazz", "metal", "pop", "reggae", "rock"];

const FAULT_FILTERED = "fault-filtered";

/** The lists of the fault-filtered split, as Corey Kereliuk published them; the second address holds a copy. */
const LISTS: readonly DatasetFile[] = [
  list(
    "train_filtered.txt",
    "train",
    10_152,
    "2b04966cef1486f1a7767b74271533fa23e220388db804a1937835e1fc4fa3fa",
  ),
  list(
    "valid_filtered.txt",
    "validation",
    4_522,
    "f8fbee7c52397a0e0f3a91dc54fedecb2e27f5bdc9a9daeab8cb10d077e26956",
  ),
  list(
    "test_filtered.txt",
    "test",
    6_616,
    "09cafa6a89ce0a27f30ed250d56ecb4d03c22fffb5a693f96c7ae655ee02ac72",
  ),
];

function list(name: string, role: SplitRole, bytes: number, sha256: string): DatasetFile {
  return {
    name,
    roles: [role],
    urls: [
      `https://raw.githubusercontent.com/coreyker/dnn-mgr/master/gtzan/${name}`,
      `https://raw.githubusercontent.com/jongpillee/music_dataset_split/master/GTZAN_split/${name}`,
    ],
    bytes,
    sha256,
    copies: [],
  };
}

/**
 * Tzanetakis' tracks of ten genres. The MD5 sum is that by which mirdata and torchaudio check the archive. Copies with
 * .au and with .wav files are accepted, under the folder names of the archive and of its mirrors.
 */
export const gtzan: AudioDatasetDefinition = {
  kind: "audio",
  name: "gtzan",
  title: "GTZAN: music of ten genres, 30 s each",
  licence: "none stated",
  citation:
    "George Tzanetakis, Perry Cook: Musical Genre Classification of Audio Signals, IEEE Transactions on Speech and " +
    "Audio Processing 10(5), 2002. Its fault-filtered split: Corey Kereliuk, Bob L. Sturm, Jan Larsen: Deep Learning " +
    "and Music Adversaries, 2015, arXiv:1507.04761",
  homepage: "http://marsyas.info/downloads/datasets.html",
  examples: { all: 1000 },
  classNames: GENRES,
  files: LISTS,
  systemFolders: [],
  archives: [
    {
      name: "genres.tar.gz",
      urls: ["http://opihi.cs.uvic.ca/sound/genres.tar.gz"],
      approximateBytes: 1.2e9,
      md5: "5b3d6dddb579ab49814ab86dba69e7c7",
      folder: "genres",
      strip: 1,
    },
  ],
  roots: ["", "genres", "genres_original", "Data/genres_original"],
  landmarks: GENRES,
  splits: [
    { name: "random", title: "none of its own: split at random", files: [] },
    {
      name: FAULT_FILTERED,
      title: "443 / 197 / 290 tracks without known faults",
      files: LISTS.map(({ name }) => name),
    },
  ],
  byHand:
    "take a copy, as its server has been out of reach since 2022: genres.tar.gz, or what it holds (a folder for each genre), such as " +
    "Data/genres_original of Kaggle's copy. Name the folder that it is in by --data-folder or $AURICLE_DATA",
  open: openGtzan,
};

async function openGtzan({ folder, files, split }: AudioSource): Promise<AudioCollection> {
  const found = await findFiles(folder, SOUND);
  const tracks = tracksByName(found.files);
  const about = { name: "gtzan", folder, task: "classification", classNames: GENRES } as const;
  if (split === FAULT_FILTERED) {
    const { entries, problems } = await readSplit(folder, files, tracks, found.problems);
    const dropped = tracks.size - entries.length;
    const notes =
      dropped > 0 ? [`${dropped} tracks with known faults are in no part of the split and left out`] : [];
    return buildAudioCollection({ ...about, entries, problems, notes });
  }
  return buildAudioCollection({
    ...about,
    entries: [...tracks.values()].map(entryOf),
    problems: found.problems,
    notes: [
      "GTZAN holds 50 exact replicas and 22 more excerpts of the same recordings (Sturm 2012): a random split leaks " +
        `unless duplicates are found first; the split "${FAULT_FILTERED}" is without them`,
    ],
  });
}

/** The tracks by name, such as "jazz.00054". For one in two formats the original .au is taken. */
function tracksByName(files: readonly FoundFile[]): Map<string, FoundFile> {
  const tracks = new Map<string, FoundFile>();
  for (const file of files) {
    const match = /^([a-z]+)\/(\1\.\d{5})\.(au|wav)$/.exec(file.name);
    if (!match || !GENRES.includes(match[1])) continue;
    if (!tracks.has(match[2]) || match[3] === "au") tracks.set(match[2], file);
  }
  return tracks;
}

function entryOf(file: FoundFile): ClipEntry {
  return { name: file.name, path: file.path, group: file.sameAs, labels: [file.name.split("/")[0]] };
}

/** The tracks that the lists name, and those of them that are not here. */
async function readSplit(
  folder: string,
  lists: ReadonlyMap<string, string>,
  tracks: ReadonlyMap<string, FoundFile>,
  found: readonly FileProblem[],
): Promise<{ entries: ClipEntry[]; problems: FileProblem[] }> {
  const unreadable = new Map(found.map(({ path, problem }) => [trackName(path), problem]));
  const entries: ClipEntry[] = [];
  const problems: FileProblem[] = [];
  for (const { name: listName, roles } of LISTS) {
    const text = new TextDecoder().decode(await readFileBytes(lists.get(listName) ?? listName));
    for (const line of text.split("\n").filter((one) => one !== "")) {
      const name = trackName(line);
      const file = tracks.get(name);
      if (file) entries.push({ ...entryOf(file), split: roles[0] });
      else {
        const problem = unreadable.get(name) ?? "no such file";
        problems.push({ path: join(folder, line), problem: `${problem} (it is in ${listName})` });
      }
    }
  }
  return { entries: entries.sort((a, b) => (a.name < b.name ? -1 : 1)), problems };
}

function trackName(path: string): string {
  return basename(path).replace(/\.[^.]*$/, "");
}
