/** @file The files that are open in the inspector: a model, and the input that it is shown. Both are known to the session. */
import { encodeWav } from "auricle/audio";
import type { ModelInspection } from "auricle/session";
import { theSession } from "../engine/session.ts";
import { firstNetwork } from "../home/first-network.svelte.ts";
import { reasonOf, type ServedRun } from "./served-runs.ts";
import { bitmapOf } from "./bitmap.ts";
import type { Picture } from "../objects/objects.svelte.ts";
import type { Sound } from "../sound/player.svelte.ts";

export interface OpenedModel {
  readonly name: string;
  /** As the session knows it. */
  readonly path: string;
  readonly facts: ModelInspection;
}

/** Opens the first view's network, which is trained if that has not happened yet. */
export async function openFirstNetwork(): Promise<OpenedModel> {
  const listener = await firstNetwork();
  return openModelBytes("first view.safetensors", await listener.file());
}

/** @throws AuricleError naming the file, for one that is no model of sound or pictures */
export async function openModelFile(file: File): Promise<OpenedModel> {
  return openModelBytes(file.name, new Uint8Array(await file.arrayBuffer()));
}

/** The model of a run that the studio's server offers. */
export async function openServedRun({ name, address }: ServedRun): Promise<OpenedModel> {
  const response = await fetch(`./${address}best.safetensors`);
  if (!response.ok) throw new Error(`${name}: ${await reasonOf(response)}`);
  return openModelBytes(
    `${name.replaceAll("/", " ")}.safetensors`,
    new Uint8Array(await response.arrayBuffer()),
  );
}

async function openModelBytes(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<OpenedModel> {
  const session = theSession();
  const folder = await session.openFiles("model", [{ path: name, file: bytes }]);
  const path = `${folder}/${name}`;
  return { name, path, facts: await session.inspect(path) };
}

/** Counts inputs: each has a path of its own, or whoever asks by the path would take a new one for the one before. */
let inputs = 0;

/**
 * Hands a sound to the session: the file that it came from, which is read there as far as it is needed, or else its samples.
 * @returns its path there
 */
export async function openSound({ name, samples, sampleRate, file }: Sound): Promise<string> {
  if (file) return openInput(`sound${/\.[a-z0-9]+$/i.exec(name)?.[0] ?? ""}`, file);
  const wav = encodeWav({ sampleRate, channels: [samples] }, { bitDepth: "32-float" });
  return openInput("sound.wav", new Uint8Array(wav));
}

/** Hands a picture to the session, as a bitmap without loss. @returns its path there */
export async function openPicture(picture: Picture): Promise<string> {
  return openInput("picture.bmp", bitmapOf(picture));
}

async function openInput(name: string, file: Blob | Uint8Array<ArrayBuffer>): Promise<string> {
  const path = `${++inputs}/${name}`;
  // The one before stays for questions about it that are not answered yet.
  const folder = await theSession().openFiles(`input ${inputs % 2}`, [{ path, file }]);
  return `${folder}/${path}`;
}
