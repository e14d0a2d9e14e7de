/**
 * @file A project of Teachable Machine as its page saves it (`.tm`): the examples of each class, before training. Browser-safe.
 *
 * The page documents nothing of it. A project is a zip archive with `manifest.json`, `{"type":"image","version":"2.4.10",…}`, and beside it
 * `<class>-!-<number>.jpg` for each picture, so in the projects of versions 2.2.2 to 2.4.12 that this was read from. A project of sound has
 * `<class>-!-0.zip` for each class, and in it the class's samples as the page lets them be downloaded: `samples.json`, which gives for each
 * the spectrogram, and the part of a recording beside it (`sample-1.webm`).
 */
import { AuricleError } from "../../errors.ts";
import { shownValue } from "../../shown-value.ts";
import { isList, isObject, own } from "../json/values.ts";
import { parseJson } from "../json/parse-json.ts";
import { openZip, type ZipFile } from "../zip/read-zip.ts";

const MANIFEST = "manifest.json";
const SEPARATOR = "-!-";
const SAMPLES = "samples.json";

/** Spectrograms in JSON take 200 kB for each second of sound. */
const MOST_JSON_BYTES = 2 ** 28;

export interface TeachableMachineProject {
  readonly kind: "image" | "pose" | "audio";
  /** In the order of the archive. */
  readonly files: readonly ProjectFile[];
}

/** One picture, or all sound of a class. */
export interface ProjectFile {
  readonly className: string;
  /** In the archive. */
  readonly path: string;
}

/**
 * Reads what a project holds.
 * @param file the archive's name, for messages
 * @returns undefined for an archive that is no project
 * @throws AuricleError "file" for one of an unknown type, or that is damaged
 */
export function teachableMachineProject(zip: ZipFile, file: string): TeachableMachineProject | undefined {
  const files = zip.paths.flatMap((path): ProjectFile[] => {
    const end = path.lastIndexOf(SEPARATOR);
    return end <= 0 ? [] : [{ className: path.slice(0, end), path }];
  });
  if (!zip.paths.includes(MANIFEST)) return undefined;
  const manifest = parseJson(zip.read(MANIFEST), `${file}/${MANIFEST}`);
  const kind = isObject(manifest) ? own(manifest, "type") : undefined;
  if (kind === "image" || kind === "pose" || kind === "audio") return { kind, files };
  if (files.length === 0) return undefined;
  throw new AuricleError(
    "file",
    `${file}: a project of Teachable Machine of type ${shownValue(kind)}; projects of types image, pose and audio are read`,
  );
}

/** A sample of a class. */
export interface ProjectSample {
  /** The recording that it is a part of, by its name in the class's archive; undefined where there is only its spectrogram. */
  readonly recording: string | undefined;
  /** In seconds. */
  readonly start: number;
  readonly end: number;
}

/** The sound of a class. */
export interface ProjectSound {
  readonly samples: readonly ProjectSample[];
  /** The content of a recording. */
  read(recording: string): Uint8Array;
}

/**
 * Reads the samples of a class.
 * @param where the class's archive, for messages
 * @throws AuricleError "file" where it is damaged or not as the page writes it
 */
export function projectSound(bytes: Uint8Array, where: string): ProjectSound {
  const zip = openZip(bytes, where);
  const list = parseJson(zip.read(SAMPLES), `${where}/${SAMPLES}`, MOST_JSON_BYTES);
  if (!isList(list)) throw new AuricleError("file", `${where}/${SAMPLES}: must be a list of samples`);
  return {
    samples: list.map((sample, i): ProjectSample => {
      const [recording, start, end] = ["blobFilePath", "startTime", "endTime"].map((key) =>
        isObject(sample) ? own(sample, key) : undefined,
      );
      if (typeof start !== "number" || typeof end !== "number" || !(start >= 0 && end > start)) {
        throw new AuricleError(
          "file",
          `${where}/${SAMPLES}: sample ${i} must have a startTime from 0 and a later endTime in seconds; got ` +
            `${shownValue(start)} and ${shownValue(end)}`,
        );
      }
      const isThere = typeof recording === "string" && zip.paths.includes(recording);
      return { recording: isThere ? recording : undefined, start, end };
    }),
    read: (recording) => zip.read(recording),
  };
}
