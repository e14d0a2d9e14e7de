/** @file The worker of a model of sound. */
import type { MonoAudio } from "../audio/audio.ts";
import { PIECE_SECONDS } from "../audio-model/hear-pieces.ts";
import { AuricleError } from "../errors.ts";
import type { Plan, PlanOf, SoundPlan } from "./plan.ts";
import { serve } from "./serve.ts";
import { SoundModel } from "./sound-model.ts";

serve((plan, machine) => {
  if (!isSound(plan)) throw new AuricleError("file", `${plan.name}: this is no model of sound`);
  const model = new SoundModel(plan, machine, pause());
  return async ({ content, name, maxSeconds }, signal, progress) => {
    const pieces = content instanceof Blob ? openPieces(content, name, maxSeconds) : [content];
    const { outputs, ...sound } = await model.hear(followed(pieces, progress), signal);
    return { outputs, sound };
  };
});

function isSound(plan: Plan): plan is PlanOf<SoundPlan> {
  return plan.input.kind === "sound";
}

/** The pieces of a file. @throws AuricleError "argument" as soon as it turns out to be too long, and what decoders throw */
async function* openPieces(content: Blob, name: string, maxSeconds: number): AsyncGenerator<MonoAudio> {
  const { openSound } = await import("./decode-sound.ts");
  const sound = await openSound(content, name);
  requireLength(sound.seconds ?? 0, name, maxSeconds);
  let seconds = 0;
  for await (const piece of sound.pieces(PIECE_SECONDS)) {
    seconds += piece.samples.length / piece.sampleRate;
    requireLength(seconds, name, maxSeconds);
    yield piece;
  }
}

function requireLength(seconds: number, name: string, maxSeconds: number): void {
  if (seconds <= maxSeconds) return;
  throw new AuricleError(
    "argument",
    `${name}: it is longer than ${Math.round(maxSeconds / 60)} minutes, the most that this page takes: cut it into shorter files`,
  );
}

/** The same pieces; the seconds before each are told when it is asked for. */
async function* followed(
  pieces: Iterable<MonoAudio> | AsyncIterable<MonoAudio>,
  progress: (seconds: number) => void,
): AsyncGenerator<MonoAudio> {
  let seconds = 0;
  for await (const piece of pieces) {
    yield piece;
    seconds += piece.samples.length / piece.sampleRate;
    progress(seconds);
  }
}

/** Milliseconds without a look at messages, one of which may end the work. */
const LONGEST_TURN = 100;

function pause(): () => Promise<void> {
  let began = performance.now();
  return async () => {
    if (performance.now() - began < LONGEST_TURN) return;
    await new Promise((resolve) => setTimeout(resolve));
    began = performance.now();
  };
}
