/**
 * @file Music to measure transfer with: soundtracks of free games, from Debian's packages. One excerpt of 30 s from the middle
 * of each track, as two lists of the same excerpts:
 *
 * - `games.csv`: the class is the game, of those with 26 tracks or more. Tracks stay whole; that a soundtrack's tracks are
 *   alike, composed and mixed by few people, is what there is to hear.
 * - `settings.csv`: the class is where the game is set (its package's description says it): fantasy and history, science
 *   fiction, or cartoon. The group is the game, so that a game is on one side of a split only.
 */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";

const { openAudioFile } = await import(new URL("../dist/audio/node.js", import.meta.url).href);

/** The packages, the setting of each game, and where its music is. */
const PACKAGES = [
  { name: "wesnoth-1.16-music", game: "wesnoth", setting: "fantasy", music: /\/music\// },
  { name: "widelands-data", game: "widelands", setting: "fantasy", music: /\/music\// },
  { name: "unknown-horizons", game: "unknown-horizons", setting: "fantasy", music: /\/audio\/music\// },
  { name: "ardentryst", game: "ardentryst", setting: "fantasy", music: /\/Music\// },
  { name: "warzone2100-music", game: "warzone2100", setting: "science-fiction", music: /\/music\// },
  { name: "naev-data", game: "naev", setting: "science-fiction", music: /\/snd\/music\// },
  { name: "ufoai-music", game: "ufoai", setting: "science-fiction", music: /\/music\// },
  { name: "singularity-music", game: "singularity", setting: "science-fiction", music: /./ },
  { name: "freedroidrpg-data", game: "freedroidrpg", setting: "science-fiction", music: /\/sound\/music\// },
  { name: "nexuiz-music", game: "nexuiz", setting: "science-fiction", music: /\/cdtracks\// },
  { name: "colobot-common-sounds", game: "colobot", setting: "science-fiction", music: /\/music\// },
  { name: "supertux-data", game: "supertux", setting: "cartoon", music: /\/music\// },
  { name: "hedgewars-data", game: "hedgewars", setting: "cartoon", music: /\/Music\// },
  { name: "drascula-music", game: "drascula", setting: "cartoon", music: /\/audio\// },
  { name: "extremetuxracer-data", game: "extremetuxracer", setting: "cartoon", music: /\/music\// },
  { name: "planetblupi-music-ogg", game: "planetblupi", setting: "cartoon", music: /\/music\// },
];

const SECONDS = 30;
/** Shorter tracks are jingles. */
const LEAST_SECONDS = 25;
/** Games with fewer tracks are no class of `games.csv`. */
const LEAST_TRACKS = 26;

/**
 * Downloads what is not there and writes both lists, unless they are there: to look at 400 recordings takes time.
 * @param {string} folder @returns {Promise<{ games: string, settings: string }>} the lists' paths
 */
export async function makeSoundtracks(folder) {
  const lists = { games: join(folder, "games.csv"), settings: join(folder, "settings.csv") };
  if (Object.values(lists).every((path) => existsSync(path))) return lists;
  mkdirSync(folder, { recursive: true });
  const rows = [];
  for (const { name, game, setting, music } of PACKAGES) {
    const place = join(folder, name);
    if (!existsSync(place)) obtain(folder, name);
    for (const path of filesIn(place).filter((one) => music.test(one))) {
      const seconds = await secondsOf(path);
      if (seconds < LEAST_SECONDS) continue;
      const start = Math.max(0, (seconds - SECONDS) / 2);
      rows.push({ path, game, setting, start, end: Math.min(seconds, start + SECONDS) });
    }
  }
  const counts = new Map();
  for (const { game } of rows) counts.set(game, (counts.get(game) ?? 0) + 1);
  const large = rows.filter(({ game }) => counts.get(game) >= LEAST_TRACKS);
  writeList(lists.games, large, (row) => [row.game, row.path]);
  writeList(lists.settings, rows, (row) => [row.setting, row.game]);
  return lists;
}

/** Unpacks a package, and the music archives in it. @param {string} folder @param {string} name */
function obtain(folder, name) {
  console.error(`obtaining ${name}`);
  const made = mkdtempSync(join(folder, ".unpacking-"));
  try {
    run("apt-get", ["download", "-q", name], made);
    const [archive] = readdirSync(made).filter((one) => one.endsWith(".deb"));
    const content = join(made, "content");
    run("dpkg-deb", ["-x", archive, content], made);
    // unzip makes no more than the last folder of a path.
    mkdirSync(join(content, "pk3"), { recursive: true });
    for (const path of filesIn(content, /\.pk3$/)) {
      // 11: no file of one of these names.
      run("unzip", ["-q", "-o", path, "*.ogg", "-d", join(content, "pk3", basename(path))], made, [0, 11]);
    }
    for (const path of filesIn(content, /./)) if (!MUSIC.test(path)) rmSync(path);
    renameSync(content, join(folder, name));
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

const MUSIC = /\.(ogg|mp3|opus|flac)$/i;

/** Links are left out: those of packages lead out of what was unpacked. @param {string} folder @returns {string[]} paths, sorted */
function filesIn(folder, wanted = MUSIC) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => wanted.test(path) && lstatSync(path).isFile())
    .sort();
}

/** @param {string} command @param {string[]} args @param {string} cwd @param {number[]} good */
function run(command, args, cwd, good = [0]) {
  const { status, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== null && good.includes(status)) return;
  throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? stderr}`);
}

/** @param {string} path @returns {Promise<number>} 0 for what cannot be read */
async function secondsOf(path) {
  try {
    const file = await openAudioFile(path);
    await file.close();
    return file.info.duration ?? 0;
  } catch (error) {
    console.error(String(error));
    return 0;
  }
}

/** @param {string} path @param {{ path: string, start: number, end: number }[]} rows */
function writeList(path, rows, labelAndGroup) {
  const quoted = (text) => `"${String(text).replaceAll('"', '""')}"`;
  const lines = rows.map((row) => {
    const [label, group] = labelAndGroup(row);
    return [quoted(row.path), label, quoted(group), row.start.toFixed(3), row.end.toFixed(3)].join(",");
  });
  writeFileSync(path, ["path,label,group,start,end", ...lines, ""].join("\n"));
}
