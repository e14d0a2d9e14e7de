import { join } from "#here/io/path";
import * as z from "zod/mini";
import { AuricleError } from "../../errors.ts";
import { errorCode, readFileBytes } from "../../io/atomic-file.ts";
import { checkFiles } from "../collection/files.ts";
import { buildAudioCollection, type ClipEntry, type AudioCollection } from "../audio/collection.ts";
import type { FileProblem, SplitRole } from "../collection/collection.ts";
import type { AudioDatasetDefinition, AudioSource, DatasetArchive } from "../definition.ts";

const FAMILIES = [
  ...["bass", "brass", "flute", "guitar", "keyboard", "mallet"],
  ...["organ", "reed", "string", "synth_lead", "vocal"],
];

const PARTS: readonly { readonly folder: string; readonly role: SplitRole }[] = [
  { folder: "nsynth-train", role: "train" },
  { folder: "nsynth-valid", role: "validation" },
  { folder: "nsynth-test", role: "test" },
];

/** Notes of 1,006 instruments. The MD5 sums are those by which the HEAR benchmark checks the archives. */
export const nsynth: AudioDatasetDefinition = {
  kind: "audio",
  name: "nsynth",
  title: "NSynth: notes of instruments, 4 s each",
  licence: "CC BY 4.0",
  citation:
    "Jesse Engel, Cinjon Resnick, Adam Roberts, Sander Dieleman, Douglas Eck, Karen Simonyan, Mohammad Norouzi: Neural " +
    "Audio Synthesis of Musical Notes with WaveNet Autoencoders, 2017, arXiv:1704.01279",
  homepage: "https://magenta.tensorflow.org/datasets/nsynth",
  examples: { train: 289_205, validation: 12_678, test: 4_096 },
  classNames: FAMILIES,
  files: [],
  systemFolders: [],
  archives: [
    archive("nsynth-train", 2.4e10, "fde6665a93865503ba598b9fac388660"),
    archive("nsynth-valid", 1e9, "87e94a00a19b6dbc99cf6d4c0c0cae87"),
    archive("nsynth-test", 3.5e8, "5e6f8719bf7e16ad0a00d518b78af77d"),
  ],
  roots: ["", "nsynth"],
  landmarks: ["nsynth-test/examples.json"],
  splits: [{ name: "official", title: "training has other instruments than validation and test", files: [] }],
  open: openNsynth,
};

function archive(folder: string, approximateBytes: number, md5: string): DatasetArchive {
  const name = `${folder}.jsonwav.tar.gz`;
  return {
    name,
    urls: [
      `https://storage.googleapis.com/magentadata/datasets/nsynth/${name}`,
      `http://download.magenta.tensorflow.org/datasets/nsynth/${name}`,
    ],
    approximateBytes,
    md5,
    folder,
    strip: 1,
  };
}

/** examples.json: by the name of a note, its properties. */
const notesSchema = z.record(
  z.string(),
  z.object({ instrument_family_str: z.enum(FAMILIES), instrument_str: z.string() }),
);

async function openNsynth({ folder }: AudioSource): Promise<AudioCollection> {
  const entries: ClipEntry[] = [];
  const problems: FileProblem[] = [];
  const notes: string[] = [];
  for (const { folder: part, role } of PARTS) {
    const examples = await readExamples(join(folder, part, "examples.json"));
    if (!examples) {
      notes.push(`The part ${part} is not here`);
      continue;
    }
    const described = Object.entries(examples).map(([note, about]) => ({
      name: `${part}/audio/${note}.wav`,
      path: join(folder, part, "audio", `${note}.wav`),
      labels: [about.instrument_family_str],
      group: `instrument ${about.instrument_str}`,
      split: role,
    }));
    const checked = await checkFiles(described);
    const readable = new Set(checked.files.map(({ name }) => name));
    for (const entry of described) if (readable.has(entry.name)) entries.push(entry);
    problems.push(...checked.problems);
  }
  return buildAudioCollection({
    name: "nsynth",
    folder,
    task: "classification",
    classNames: FAMILIES,
    entries: entries.sort((a, b) => (a.name < b.name ? -1 : 1)),
    problems,
    notes,
    officialLeaks:
      "NSynth's validation and test parts have instruments in common, as its authors made them; training has others.",
  });
}

async function readExamples(path: string): Promise<z.infer<typeof notesSchema> | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readFileBytes(path);
  } catch (error) {
    if (error instanceof AuricleError && errorCode(error.cause) === "ENOENT") return undefined;
    throw error;
  }
  try {
    return notesSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new AuricleError("file", `${path}: it is not NSynth's list of notes; download the file again`, {
      cause,
    });
  }
}
