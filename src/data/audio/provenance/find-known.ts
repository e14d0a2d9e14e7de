/** @file Which clips a model's weights come from: by content, by sound, and by group. Browser-safe. */

import type { AudioClip } from "../collection.ts";
import type { ExampleLink } from "../../collection/collection.ts";
import { contentKey } from "../../collection/content-hashes.ts";
import { defaultFeatureFolder } from "../features/cache/feature-cache.ts";
import { findFileDuplicates, type ComparedFile } from "../inspect/file-duplicates.ts";
import { clipsByPath, pairsAmong, sharesSound } from "../inspect/find-duplicates.ts";
import { measureFiles, type MeasuredFile, type MeasureOptions } from "../inspect/measure/measure-files.ts";
import { MeasurementCache } from "../inspect/measure/measurement-cache.ts";
import type { Measurement } from "../inspect/measure/measurement.ts";
import { isSilent } from "../inspect/silence.ts";
import type { KnownExamples, KnownRole } from "../../collection/split/known-examples.ts";
import { linkedTo } from "../../collection/split/linked.ts";
import type { KnownRecording, Provenance, RememberedSound } from "./provenance.ts";

/** Clips that are looked for in a provenance. */
export interface SearchedClips {
  readonly clips: readonly AudioClip[];
  /** The data set's name, or the absolute path of a folder or a list, as in a provenance. */
  readonly data: string;
  /** SHA-256 of a clip's file, hexadecimal. */
  readonly contentOf: (clip: AudioClip) => string;
}

export interface FoundKnown {
  /** Pairs of clips that hold the same sound, as of findDuplicates; none where the sound was not compared. */
  readonly links: readonly ExampleLink[];
  readonly known: KnownExamples;
  /** Measured files, by path; none where the sound was not compared. */
  readonly measured: ReadonlyMap<string, MeasuredFile>;
  /** How many recordings of the provenance were not compared by their sound, but by their files' content alone. */
  readonly byContentAlone: number;
}

/**
 * Looks for clips whose files have the content of a recording in the provenance, or hold the same sound; for clips that
 * sound like such clips; and, in the same data set, for clips of the same group.
 * @param measuring undefined: the sound is not compared
 * @throws AuricleError "argument" for a number of workers that makes no sense; the signal's reason.
 */
export async function findKnownClips(
  { clips, data, contentOf }: SearchedClips,
  provenance: Provenance,
  measuring: MeasureOptions | undefined,
): Promise<FoundKnown> {
  const known = new Map<string, KnownRole>();
  const learn = ({ id }: AudioClip, role: KnownRole | undefined) => {
    if (role && known.get(id) !== "train") known.set(id, role);
  };
  const { byContent, byGroup } = rolesIn(provenance, data);
  for (const clip of clips) {
    learn(clip, byContent.get(contentKey(contentOf(clip))));
    learn(clip, byGroup.get(clip.group));
  }
  if (!measuring) {
    const byContentAlone = provenance.recordings.length;
    return { links: [], known, measured: new Map(), byContentAlone };
  }
  const { files } = await measureFiles(clips, measuring);
  const remembered = await rememberedFiles(provenance, measuring);
  const duplicates = await findFileDuplicates([...files, ...remembered.files], measuring.signal);
  const clipsOf = clipsByPath(clips);
  for (const duplicate of duplicates) {
    const role = remembered.roles.get(duplicate.b);
    if (!role) continue;
    for (const clip of clipsOf.get(duplicate.a.path) ?? [])
      if (sharesSound(clip, duplicate)) learn(clip, role);
  }
  const links = pairsAmong(
    clips,
    duplicates.filter(({ b }) => !b.isRemembered),
  );
  spread(known, links);
  return {
    links,
    known,
    measured: new Map(files.map((file) => [file.path, file])),
    byContentAlone: remembered.missing,
  };
}

/** Picks from a measurement what a provenance keeps of the sound; the fingerprint is empty if nothing is audible. */
export function soundOf(measurement: Measurement): RememberedSound {
  const { samplesHash, sampleRate, frames, fingerprint, isFinite } = measurement;
  const isAudible = isFinite && !isSilent(measurement);
  return { samplesHash, sampleRate, frames, fingerprint: isAudible ? fingerprint : new Uint32Array() };
}

/** Indexes a provenance's roles by content hash and, for the recordings that come from the data set `data`, by group. */
function rolesIn({ recordings, sources }: Provenance, data: string) {
  const byContent = new Map<string, KnownRole>();
  const byGroup = new Map<string, KnownRole>();
  for (const { content, role, group, source } of recordings) {
    byContent.set(contentKey(content), role);
    if (group === undefined || sources[source].data !== data) continue;
    if (byGroup.get(group) !== "train") byGroup.set(group, role);
  }
  return { byContent, byGroup };
}

/** The recordings whose sound can be compared, those that were trained on first, since of copies the first one counts. */
async function rememberedFiles({ recordings }: Provenance, measuring: MeasureOptions) {
  const measured = await measureAgain(
    recordings.filter(({ sound }) => !sound),
    measuring,
  );
  const files: ComparedFile[] = [];
  const roles = new Map<ComparedFile, KnownRole>();
  let missing = 0;
  for (const role of ["train", "validation"] as const) {
    for (const recording of recordings) {
      if (recording.role !== role) continue;
      const { content, path = "", sound = measured.get(content) } = recording;
      if (!sound) missing++;
      else if (sound.fingerprint.length > 0) {
        const measurement = { ...sound, isFinite: true, quiet: { loudest: 1 } };
        const file = { path, content, measurement, isRemembered: true };
        files.push(file);
        roles.set(file, role);
      }
    }
  }
  return { files, roles, missing };
}

/** By content: from the cache, or from files that are still there. */
async function measureAgain(
  recordings: readonly KnownRecording[],
  measuring: MeasureOptions,
): Promise<Map<string, RememberedSound>> {
  const sounds = new Map<string, RememberedSound>();
  const cache = new MeasurementCache(measuring.cacheFolder ?? defaultFeatureFolder());
  const paths: string[] = [];
  for (const { content, path } of recordings) {
    const measurement = await cache.lookUp(content);
    if (measurement) sounds.set(content, soundOf(measurement));
    else if (path !== undefined) paths.push(path);
  }
  if (paths.length === 0) return sounds;
  const { files } = await measureFiles(paths.map(wholeFile), measuring);
  for (const { content, measurement } of files) sounds.set(content, soundOf(measurement));
  return sounds;
}

function wholeFile(path: string): AudioClip {
  const target = new Float32Array();
  return { id: path, path, start: 0, end: undefined, target, label: -1, group: path, split: undefined };
}

/** Clips that hold the sound of a known clip are known, directly or by others. */
function spread(known: Map<string, KnownRole>, links: readonly ExampleLink[]): void {
  for (const role of ["validation", "train"] as const) {
    const ids = [...known.keys()].filter((id) => known.get(id) === role);
    for (const id of linkedTo(ids, links)) known.set(id, role);
  }
}
