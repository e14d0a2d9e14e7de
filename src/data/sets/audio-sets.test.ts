/** @file The loaders of data sets of recordings, each on a small copy of its layout. */

import { basename, join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { foldsOf, splitCollection } from "../audio/index.ts";
import type { AudioCollection } from "../audio/collection.ts";
import { openAudioCollection } from "../audio/open.ts";
import { writeFiles } from "../audio/testing/collections.ts";
import type { AudioDatasetDefinition } from "../definition.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { openKnownAudio } from "../known-audio.ts";
import { drumkits, drumOf } from "./drumkits.ts";
import { gtzan } from "./gtzan.ts";
import { splitOfSpeaker } from "./speech-commands.ts";

const cache = vi.hoisted(() => ({ folder: "" }));
vi.mock("env-paths", () => ({ default: () => ({ cache: cache.folder }) }));

beforeEach(async () => {
  cache.folder = await temporaryFolder();
  vi.stubEnv("AURICLE_DATA", "");
});

type Files = Parameters<typeof writeFiles>[1];

/** Opens a data set of the registry that lies in a folder as given. */
async function openCopy(name: string, files: Files, splitName?: string): Promise<AudioCollection> {
  const dataFolder = await temporaryFolder();
  await writeFiles(dataFolder, files);
  return openAudioCollection(name, { dataFolder, download: false, ...(splitName && { splitName }) });
}

/** Id, class and group of each clip. */
function summary({ clips, classNames }: AudioCollection): [string, string | undefined, string][] {
  return clips.map(({ id, label, group }) => [id, classNames[label], group]);
}

describe("gtzan", () => {
  const GENRES = gtzan.classNames;

  /** Two tracks of each genre, and the twins that macOS adds. */
  const tracks = (extension: string, root: string) =>
    GENRES.flatMap((genre) => [
      `${root}${genre}/${genre}.00000.${extension}`,
      `${root}${genre}/${genre}.00054.${extension}`,
      `${root}${genre}/._${genre}.00000.${extension}`,
    ]);

  it.each([
    ["au", ""],
    ["au", "genres/"],
    ["wav", "genres_original/"],
    ["wav", "Data/genres_original/"],
  ])("is found with .%s files in %j", async (extension, root) => {
    const collection = await openCopy("gtzan", [...tracks(extension, root), `${root}blues/notes.txt`]);
    expect(collection.clips).toHaveLength(20);
    expect(summary(collection)[1]).toEqual([
      `blues/blues.00054.${extension}`,
      "blues",
      `blues/blues.00054.${extension}`,
    ]);
    expect(collection.clips.every(({ split }) => split === undefined)).toBe(true);
    expect(collection.notes?.[0]).toMatch(/50 exact replicas.*"fault-filtered"/);
  });

  it("takes of a track in both formats the original, and names the one that is empty", async () => {
    const files = Object.fromEntries([...tracks("wav", ""), ...tracks("au", "")].map((name) => [name, "x"]));
    files["jazz/jazz.00054.wav"] = "";
    const { clips, problems, folder } = await openCopy("gtzan", files);
    expect(clips.every(({ path }) => path.endsWith(".au"))).toBe(true);
    expect(problems).toEqual([
      { path: join(folder, "jazz", "jazz.00054.wav"), problem: "empty file (0 bytes)" },
    ]);
  });

  it("has the fault-filtered split, by track name whatever the format, and reports what is missing", async () => {
    const folder = await temporaryFolder();
    const files = Object.fromEntries(tracks("au", "").map((name) => [name, "x"]));
    files["jazz/jazz.00054.au"] = "";
    await writeFiles(folder, {
      ...files,
      "train_filtered.txt": "blues/blues.00000.wav\nblues/blues.00099.wav\njazz/jazz.00054.wav\n",
      "valid_filtered.txt": "jazz/jazz.00000.wav\n",
      "test_filtered.txt": "rock/rock.00054.wav\n",
    });
    const collection = await gtzan.open({
      folder,
      files: new Map(gtzan.files.map(({ name }) => [name, join(folder, name)])),
      split: "fault-filtered",
    });
    expect(collection.clips.map(({ id, split }) => [id, split])).toEqual([
      ["blues/blues.00000.au", "train"],
      ["jazz/jazz.00000.au", "validation"],
      ["rock/rock.00054.au", "test"],
    ]);
    expect(collection.problems).toEqual([
      { path: join(folder, "blues/blues.00099.wav"), problem: "no such file (it is in train_filtered.txt)" },
      {
        path: join(folder, "jazz/jazz.00054.wav"),
        problem: "empty file (0 bytes) (it is in train_filtered.txt)",
      },
    ]);
    // 20 tracks, of which one cannot be read and three are in the split.
    expect(collection.notes?.[0]).toMatch(/^16 tracks with known faults/);
    expect(splitCollection(collection).report.method).toBe("official");
  });

  it("checks the lists of that split", async () => {
    const files = {
      "train_filtered.txt": "blues/blues.00000.wav\n",
      ...Object.fromEntries(tracks("wav", "").map((name) => [name, "x"])),
    };
    await expect(openCopy("gtzan", files, "fault-filtered")).rejects.toThrow(
      /Skipped:\n.*train_filtered.txt: it has 22 bytes; expected 10152/,
    );
  });
});

describe("esc-50", () => {
  const table = [
    "filename,fold,target,category,esc10,src_file,take",
    "1-100032-A-0.wav,1,0,dog,True,100032,A",
    "1-100038-A-14.wav,1,14,chirping_birds,False,100038,A",
    "5-9032-A-0.wav,5,0,dog,True,9032,A",
    "5-9032-B-0.wav,5,0,dog,True,9032,B",
  ].join("\n");
  const audio = ["1-100032-A-0.wav", "1-100038-A-14.wav", "5-9032-A-0.wav"].map((name) => `audio/${name}`);

  it.each(["", "ESC-50-master/"])("has five folds, and groups by source, in %j", async (root) => {
    const files = Object.fromEntries(
      [["meta/esc50.csv", table], ...audio.map((name) => [name, "x"])].map(([name, content]) => [
        `${root}${name}`,
        content,
      ]),
    );
    const collection = await openCopy("esc-50", files);
    expect(collection.classNames).toHaveLength(50);
    expect(summary(collection)).toEqual([
      ["audio/1-100032-A-0.wav", "dog", "source 100032"],
      ["audio/1-100038-A-14.wav", "chirping_birds", "source 100038"],
      ["audio/5-9032-A-0.wav", "dog", "source 9032"],
    ]);
    // The numbers in the file names are those of the classes.
    expect(collection.clips.map(({ label }) => label)).toEqual([0, 14, 0]);
    expect(collection.folds).toEqual([0, 0, 4]);
    expect([...foldsOf(collection, undefined)]).toEqual([0, 0, 4]);
    expect(collection.problems.map(({ path }) => basename(path))).toEqual(["5-9032-B-0.wav"]);
  });

  it("refuses another table", async () => {
    const files = { "meta/esc50.csv": `${table}\n1-1-A-0.wav,6,0,dog,True,1,A`, "audio/x.wav": "x" };
    await expect(openCopy("esc-50", files)).rejects.toThrow(/line 6: it is not a line of ESC-50's table/);
  });
});

describe("speech-commands", () => {
  it.each([
    // Percentages computed with Python's hashlib from the definition in the data set's README (which_set).
    ["0a7c2a8d", 56.84, "train"],
    ["c120e80e", 97.77, "train"],
    ["026290a7", 0.68, "validation"],
    ["a69b9b3e", 4.88, "validation"],
    ["0c40e715", 16.4, "test"],
    ["bb05582b", 18.13, "test"],
  ])("puts the speaker %s, whose hash is at %f %%, into the part %s", (speaker, _, role) => {
    expect(splitOfSpeaker(speaker)).toBe(role);
  });

  it("has a folder for each word; a speaker is a group; noise is left out", async () => {
    const collection = await openCopy("speech-commands", [
      "speech_commands_v0.02/testing_list.txt",
      "speech_commands_v0.02/validation_list.txt",
      "speech_commands_v0.02/zero/0a7c2a8d_nohash_0.wav",
      "speech_commands_v0.02/zero/0a7c2a8d_nohash_1.wav",
      "speech_commands_v0.02/yes/0a7c2a8d_nohash_0.wav",
      "speech_commands_v0.02/_background_noise_/pink_noise.wav",
    ]);
    expect(summary(collection)).toEqual([
      ["yes/0a7c2a8d_nohash_0.wav", "yes", "speaker 0a7c2a8d"],
      ["zero/0a7c2a8d_nohash_0.wav", "zero", "speaker 0a7c2a8d"],
      ["zero/0a7c2a8d_nohash_1.wav", "zero", "speaker 0a7c2a8d"],
    ]);
    expect(collection.classNames).toHaveLength(35);
    expect(collection.notes).toContain("1 recordings of background noise are not words and are left out");
  });
});

describe("fsdd", () => {
  const files = ["0_jackson_0", "0_jackson_4", "0_jackson_5", "7_nicolas_0", "7_nicolas_49"].map(
    (name) => `free-spoken-digit-dataset-master/recordings/${name}.wav`,
  );

  it("has recordings 0 to 4 in its test part", async () => {
    const collection = await openCopy("fsdd", [...files, "free-spoken-digit-dataset-master/README.md"]);
    expect(collection.clips.map(({ id, label, split }) => [id, label, split])).toEqual([
      ["recordings/0_jackson_0.wav", 0, "test"],
      ["recordings/0_jackson_4.wav", 0, "test"],
      ["recordings/0_jackson_5.wav", 0, "train"],
      ["recordings/7_nicolas_0.wav", 7, "test"],
      ["recordings/7_nicolas_49.wav", 7, "train"],
    ]);
    expect(collection.notes).toContain(
      'All its speakers are in training and in the test; the split "by-speaker" tests on other voices',
    );
    const split = splitCollection(collection, { fractions: [1, 0, 0] });
    expect([split.train.length, split.test.length]).toEqual([2, 3]);
  });

  it("can be split by speaker", async () => {
    const { clips } = await openCopy("fsdd", files, "by-speaker");
    expect(new Set(clips.map(({ group }) => group))).toEqual(new Set(["speaker jackson", "speaker nicolas"]));
    expect(clips.every(({ split }) => split === undefined)).toBe(true);
  });
});

describe("nsynth", () => {
  const examples = (...notes: readonly string[]) =>
    JSON.stringify(
      Object.fromEntries(
        notes.map((note) => [
          note,
          {
            note: 1,
            instrument_family_str: note.split("_")[0],
            instrument_str: note.slice(0, -8),
            pitch: 60,
          },
        ]),
      ),
    );

  it("is split as its authors did; the class is the family, the group the instrument", async () => {
    const collection = await openCopy("nsynth", {
      "nsynth-train/examples.json": examples("bass_acoustic_000-024-025", "vocal_synthetic_003-060-100"),
      "nsynth-train/audio/bass_acoustic_000-024-025.wav": "x",
      "nsynth-train/audio/vocal_synthetic_003-060-100.wav": "x",
      "nsynth-valid/examples.json": examples("bass_electronic_018-022-025", "bass_electronic_018-023-025"),
      "nsynth-valid/audio/bass_electronic_018-022-025.wav": "x",
      "nsynth-test/examples.json": examples("bass_electronic_018-022-100"),
      "nsynth-test/audio/bass_electronic_018-022-100.wav": "x",
    });
    expect(summary(collection)).toEqual([
      ["nsynth-test/audio/bass_electronic_018-022-100.wav", "bass", "instrument bass_electronic_018"],
      ["nsynth-train/audio/bass_acoustic_000-024-025.wav", "bass", "instrument bass_acoustic_000"],
      ["nsynth-train/audio/vocal_synthetic_003-060-100.wav", "vocal", "instrument vocal_synthetic_003"],
      ["nsynth-valid/audio/bass_electronic_018-022-025.wav", "bass", "instrument bass_electronic_018"],
    ]);
    expect(collection.problems).toHaveLength(1);
    // One instrument is in validation and test, as in the whole: that is told, not refused.
    const { report } = splitCollection(collection);
    expect(report.leaks.map(({ what }) => what)).toEqual(["instrument bass_electronic_018"]);
    expect(report.warnings[0]).toMatch(/have instruments in common, as its authors made them/);
  });

  it("may be there in part, and refuses another list", async () => {
    const part = { "nsynth-test/audio/bass_electronic_018-022-100.wav": "x" };
    const { notes } = await openCopy("nsynth", {
      ...part,
      "nsynth-test/examples.json": examples("bass_electronic_018-022-100"),
    });
    expect(notes).toContain("The part nsynth-train is not here");
    for (const content of ["[", '{"a": {"instrument_family_str": "kazoo", "instrument_str": "k"}}']) {
      await expect(openCopy("nsynth", { ...part, "nsynth-test/examples.json": content })).rejects.toThrow(
        /not NSynth's list of notes/,
      );
    }
  });
});

describe("irmas", () => {
  const files = {
    "IRMAS-TrainingData/README.txt": "x",
    "IRMAS-TrainingData/cel/008__[cel][nod][cla]0058__1.wav": "x",
    "IRMAS-TrainingData/cel/008__[cel][nod][cla]0058__2.wav": "x",
    "IRMAS-TrainingData/gel/[gel][pop_roc]0829__1.wav": "x",
    "IRMAS-TestingData-Part1/Part1/(02) dont kill the whale-1.wav": "x",
    "IRMAS-TestingData-Part1/Part1/(02) dont kill the whale-1.txt": "gel\t\nvoi\t\n",
    "IRMAS-TestingData-Part2/(02) dont kill the whale-2.wav": "x",
    "IRMAS-TestingData-Part2/(02) dont kill the whale-2.txt": "voi\n",
    "IRMAS-TestingData-Part3/unlabelled-1.wav": "x",
    "IRMAS-TestingData-Part3/strange-1.wav": "x",
    "IRMAS-TestingData-Part3/strange-1.txt": "kazoo\n",
  };

  it("has one label a clip in training and several in the test, so it is a tagging", async () => {
    const collection = await openCopy("irmas", files);
    expect(collection.task).toBe("tagging");
    const tags = (target: Float32Array) => collection.classNames.filter((_, i) => target[i] === 1);
    expect(collection.clips.map(({ group, split, target }) => [group, split, tags(target)])).toEqual([
      ["recording 0058", "train", ["cello"]],
      ["recording 0058", "train", ["cello"]],
      ["recording 0829", "train", ["electric guitar"]],
      ["song (02) dont kill the whale", "test", ["electric guitar", "voice"]],
      ["song (02) dont kill the whale", "test", ["voice"]],
    ]);
    expect(collection.problems.map(({ problem }) => problem)).toEqual([
      "the codes of its instruments are not in strange-1.txt",
      "the codes of its instruments are not in unlabelled-1.txt",
    ]);
  });

  it("can be a classification of the training part alone", async () => {
    const collection = await openCopy("irmas", files, "training-part");
    expect(collection).toMatchObject({ task: "classification", problems: [] });
    expect(summary(collection).map(([, ...rest]) => rest)).toEqual([
      ["cello", "recording 0058"],
      ["cello", "recording 0058"],
      ["electric guitar", "recording 0829"],
    ]);
    expect(collection.clips.every(({ split }) => split === undefined)).toBe(true);
  });
});

describe("drumkits", () => {
  it.each([
    // Names of the kits that Debian's package installs.
    ["Audiophob", "101450__menegass__tomh.wav", "tom"],
    ["Audiophob", "104227__minorr__hhat-paiste-302-14-open-p.wav", "hi-hat"],
    ["Audiophob", "124382__cubix__8bit-snare.wav", "snare"],
    ["Audiophob", "122557__anillogic__trimo-c3.wav", undefined],
    ["BJA_Pacific", "BD_01.aiff", "kick"],
    ["BJA_Pacific", "SN4_08.aiff", "snare"],
    ["BJA_Pacific", "CB2_01.aiff", "cymbal"],
    ["BJA_Pacific", "TM2_07.aiff", "tom"],
    ["Millo_MultiLayered3", "mc_cb.flac", undefined],
    ["Millo_MultiLayered3", "cc_01.flac", "cymbal"],
    ["Millo_MultiLayered3", "t1_01.flac", "tom"],
    ["Millo_MultiLayered3", "rs_01.flac", undefined],
    ["Millo_MultiLayered2", "floortom_04.flac", "tom"],
    ["Millo_MultiLayered2", "jsnare_01.flac", "snare"],
    ["Millo_MultiLayered2", "hhpedal_02.flac", "hi-hat"],
    ["Millo-Drums_v.1", "closehihat3.flac", "hi-hat"],
    ["Millo-Drums_v.1", "emptySample.flac", undefined],
    ["ColomboAcousticDrumkit", "bassdrum-4mics-br-stereo-soft2.flac", "kick"],
    ["ColomboAcousticDrumkit", "crash16i__ride_cup4.flac", "cymbal"],
    ["ColomboAcousticDrumkit", "snare-opaque-normal-mic-rimshot7.flac", "snare"],
    ["ColomboAcousticDrumkit", "stick-rim-9.flac", undefined],
    ["ElectricEmpireKit", "EE_Hat_Op_Phaser.flac", "hi-hat"],
    ["ElectricEmpireKit", "EE_Conga_1.flac", undefined],
    ["ForzeeStereo", "CrashRide18Bow-2.wav", "cymbal"],
    ["ForzeeStereo", "HiHatSemiopen-4.wav", "hi-hat"],
    ["ForzeeStereo", "TomHigh-0.wav", "tom"],
    ["ForzeeStereo", "RimClick-0.wav", undefined],
    ["HardElectro1", "HardHse_K_03_B.flac", "kick"],
    ["HardElectro1", "Hard_Hse_OHH_1.flac", "hi-hat"],
    ["The Black Pearl 1.0", "PaisteBell-Hardest.wav", "cymbal"],
    ["The Black Pearl 1.0", "PearlTomFloor-Soft.wav", "tom"],
    ["The Black Pearl 1.0", "Cowbell-Soft.wav", undefined],
    ["VariBreaks", "VP Hat 1 Cl.flac", "hi-hat"],
    ["circAfrique v4", "Dununba1 Bell Mute.wav", undefined],
    ["my own kit", "Kick & Snare.wav", undefined],
  ])("tells the drum of %s/%s: %s", (kit, name, drum) => {
    expect(drumOf(kit, name)).toBe(drum);
  });

  it("has a folder for each kit, which is the group, and counts what it leaves out", async () => {
    const collection = await openCopy("drumkits", [
      "drumkits/One/drumkit.xml",
      "drumkits/One/Kick.wav",
      "drumkits/One/Snare.flac",
      "drumkits/Two/drumkit.xml",
      "drumkits/Two/BD_1.aiff",
      "drumkits/Two/Clap.wav",
      "drumkits/Two/Cowbell.wav",
    ]);
    expect(summary(collection)).toEqual([
      ["One/Kick.wav", "kick", "kit One"],
      ["One/Snare.flac", "snare", "kit One"],
      ["Two/BD_1.aiff", "kick", "kit Two"],
    ]);
    expect(collection.notes?.[0]).toBe("2 hits whose names give no class are left out: 2 of Two");
  });

  it("is got from a package, which the error names", async () => {
    const definition: AudioDatasetDefinition = { ...drumkits, systemFolders: [] };
    await expect(openKnownAudio(definition)).rejects.toThrow(
      /install the package hydrogen-drumkits of Debian/,
    );
  });
});
