/** @file A microphone, unprocessed: what a browser does to voices for calls would change what the model hears. */
import { recorderAddress } from "../assets.ts";
import { ModelError } from "../model-client.ts";

export interface Microphone {
  /** The device's, in Hz. */
  readonly sampleRate: number;
  end(): void;
}

/**
 * Opens the microphone, after the reader has allowed it.
 * @param onblock is called ten times a second with the samples since
 * @param onend is called when the device goes away
 * @throws ModelError which says what to do where there is no microphone or no permission
 */
export async function openMicrophone(
  onblock: (samples: Float32Array) => void,
  onend: () => void,
): Promise<Microphone> {
  const stream = await openStream();
  const [track] = stream.getAudioTracks();
  // The device's own rate: the model's worker converts it, with the same bits in every browser.
  const context = new AudioContext({ sampleRate: track?.getSettings().sampleRate });
  const end = () => {
    stream.getTracks().forEach((one) => one.stop());
    void context.close();
  };
  try {
    await context.audioWorklet.addModule(recorderAddress());
  } catch (cause) {
    end();
    throw problem(
      "unsupported",
      `The recorder could not be loaded: ${String(cause)}. Reload the page and try again.`,
    );
  }
  const recorder = new AudioWorkletNode(context, "recorder", { numberOfOutputs: 0 });
  recorder.port.onmessage = ({ data }: MessageEvent<Float32Array>) => onblock(data);
  track?.addEventListener("ended", onend);
  context.createMediaStreamSource(stream).connect(recorder);
  await context.resume();
  return { sampleRate: context.sampleRate, end };
}

async function openStream(): Promise<MediaStream> {
  // Undefined on pages that come neither from this machine nor by https, whatever its type says.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) {
    throw problem(
      "unsupported",
      "Browsers give a microphone only to pages from this machine or by https. Choose a file instead.",
    );
  }
  try {
    return await devices.getUserMedia({
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
  } catch (cause) {
    const name = cause instanceof DOMException ? cause.name : "";
    throw problem("unsupported", PROBLEMS[name] ?? `The microphone could not be opened: ${String(cause)}`);
  }
}

const PROBLEMS: Readonly<Record<string, string>> = {
  NotFoundError: "No microphone was found. Connect one and try again, or choose a file instead.",
  NotAllowedError:
    "The browser does not let this page use the microphone. Allow it beside the address, then try again.",
  NotReadableError: "The microphone is in use by another program, or switched off. Free it and try again.",
};

function problem(code: string, message: string): ModelError {
  return new ModelError({ code, message });
}
