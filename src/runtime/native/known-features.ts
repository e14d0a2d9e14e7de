/** @file Node.js only: what the probe found, kept in the user's cache folder, once per machine and version. */
import { mkdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import envPaths from "env-paths";
import writeFileAtomic from "write-file-atomic";
import { AURICLE_VERSION } from "../../version.ts";
import type { NativeFeature } from "../platform.ts";

const FEATURES: readonly NativeFeature[] = ["avx2", "avx512", "bfloat16"];

interface Known {
  /** All that the answer depends on. */
  readonly machine: string;
  readonly features: readonly NativeFeature[];
}

/** The processor and the versions of everything between it and a kernel. */
export function machineName(foreignVersion: string): string {
  const { platform, arch, version } = process;
  return [AURICLE_VERSION, version, foreignVersion, platform, arch, cpus()[0]?.model ?? ""].join(" ");
}

/** Returns the stored features of a machine, or those that `probe` finds now. */
export function knownFeatures(
  machine: string,
  probe: () => readonly NativeFeature[],
): readonly NativeFeature[] {
  const path = join(envPaths("auricle").cache, "native-features.json");
  const known = read(path);
  if (known?.machine === machine) return known.features;
  const features = probe();
  const found: Known = { machine, features };
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileAtomic.sync(path, JSON.stringify(found));
  } catch {
    // A cache that cannot be written costs the next process a tenth of a second.
  }
  return features;
}

/** undefined for a file that is not there, or not one of ours. */
function read(path: string): Known | undefined {
  try {
    const known = JSON.parse(readFileSync(path, "utf8")) as Partial<Known>;
    const { machine, features } = known;
    if (typeof machine !== "string" || !Array.isArray(features)) return undefined;
    return { machine, features: FEATURES.filter((feature) => features.includes(feature)) };
  } catch {
    return undefined;
  }
}
