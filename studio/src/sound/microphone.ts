/** @file Records from a microphone, unprocessed: what a browser does to voices for calls would change what is to be seen. */
import { media } from "../engine/media.ts";
import type { Sound } from "./player.svelte.ts";

/** Hz; that of the studio's own sounds. */
const SAMPLE_RATE = 16_000;

/** Seconds; a recording ends by itself then. */
export const LONGEST = 60;

export interface Recording {
  /** Ends it. @throws an error that says what to do when nothing was heard */
  stop(): Promise<Sound>;
}

/**
 * Starts to record, after the reader has allowed it.
 * @param onblock is called ten times a second with the seconds so far and the largest sample since
 * @throws an error that says what to do where there is no microphone or no permission
 */
export async function record(onblock: (seconds: number, peak: number) => void): Promise<Recording> {
  const stream = await openMicrophone();
  const [track] = stream.getAudioTracks();
  // The device's own rate; the library converts it, with the same bits in every browser.
  const context = new AudioContext({ sampleRate: track?.getSettings().sampleRate });
  const end = () => {
    stream.getTracks().forEach((one) => one.stop());
    void context.close();
  };
  try {
    await context.audioWorklet.addModule("./recorder.js");
  } catch (cause) {
    end();
    throw new Error("The recorder could not be loaded; reload the page and try again.", { cause });
  }
  const blocks: Float32Array[] = [];
  const recorder = new AudioWorkletNode(context, "recorder", { numberOfOutputs: 0 });
  let length = 0;
  recorder.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
    blocks.push(data);
    length += data.length;
    const peak = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    onblock(length / context.sampleRate, peak);
  };
  context.createMediaStreamSource(stream).connect(recorder);
  await context.resume();
  return {
    async stop() {
      end();
      return soundOf(blocks, context.sampleRate);
    },
  };
}

async function soundOf(blocks: readonly Float32Array[], sampleRate: number): Promise<Sound> {
  const recorded = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    recorded.set(block, at);
    at += block.length;
  }
  if (!recorded.some((value) => value !== 0)) {
    throw new Error(
      "The microphone gave no sound. Look whether it is switched on and chosen in the system's settings.",
    );
  }
  const samples = await media().resampled(recorded, sampleRate, SAMPLE_RATE);
  return { name: "Your recording", samples, sampleRate: SAMPLE_RATE };
}

async function openMicrophone(): Promise<MediaStream> {
  // Undefined on pages that come neither from this machine nor by https, whatever its type says.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) {
    throw new Error(
      "Browsers give a microphone only to pages from this machine or by https. Open a file instead.",
    );
  }
  try {
    return await devices.getUserMedia({
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
  } catch (cause) {
    const name = cause instanceof DOMException ? cause.name : "";
    throw new Error(PROBLEMS[name] ?? `The microphone could not be opened: ${String(cause)}`, { cause });
  }
}

const PROBLEMS: Readonly<Record<string, string>> = {
  NotFoundError: "No microphone was found. Connect one and try again, or open a file instead.",
  NotAllowedError:
    "The browser does not let this page use the microphone. Allow it beside the address, then try again.",
  NotReadableError: "The microphone is in use by another program, or switched off. Free it and try again.",
};
