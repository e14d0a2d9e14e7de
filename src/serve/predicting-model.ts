/** @file A model in an answering thread: all of it but its weights. */

import { openAudio } from "../audio/decode/open-audio.ts";
import { memorySource } from "../audio/decode/byte-source.ts";
import { blocksOfMono } from "../audio/decode/read-mono.ts";
import type { MonoAudio } from "../audio/audio.ts";
import { AudioModel, type ListeningNetwork } from "../audio-model/audio-model.ts";
import { PIECE_SECONDS } from "../audio-model/hear-pieces.ts";
import { contentKey } from "../data/collection/content-hashes.ts";
import { decodeImage } from "../image/decode-image.ts";
import { ImageModel } from "../image-model/image-model.ts";
import { sha256 } from "#here/io/sha256";
import { pictureJson, recordingJson } from "../runs/answer-json.ts";
import type { FloatArray } from "../tensor/array.ts";
import { sizeOf } from "../tensor/shape.ts";
import type { SentFile } from "./form-files.ts";
import { FULL_LENGTH_RATE, MOST_SAMPLE_RATE } from "./limits.ts";
import type { AnswerLimits, SentModel } from "./messages.ts";
import type { NetworkCalls } from "./network-calls.ts";
import { RequestProblem } from "./problem.ts";
import type { Answer } from "./schemas.ts";

/** Models of other hops that are kept, with their compiled features. */
const MOST_HOPS = 4;

export class PredictingModel {
  private readonly sent: SentModel;
  private readonly limits: AnswerLimits;
  private readonly network: ListeningNetwork;
  /** By hop; the one that was used last comes last. */
  private readonly listeners = new Map<number | undefined, AudioModel>();
  private readonly looker: ImageModel | undefined;

  constructor(sent: SentModel, limits: AnswerLimits, calls: NetworkCalls) {
    this.sent = sent;
    this.limits = limits;
    const predict = async ({ shape, data }: FloatArray): Promise<FloatArray> => ({
      shape: [shape[0], ...sent.outputShape],
      data: await calls.compute(data, shape[0]),
    });
    // One thread: the others answer other requests.
    this.network = { ...sent, engine: { threads: 1 }, predict };
    this.looker =
      sent.kind === "images"
        ? new ImageModel({ metadata: sent.metadata, network: sent, predict }, sent.path)
        : undefined;
  }

  /** Numbers of one window or picture. */
  get outputs(): number {
    return sizeOf(this.sent.outputShape);
  }

  /** @throws AuricleError and RequestProblem for a file that gets no answer */
  predict(file: SentFile, hop: number | undefined): Promise<Answer> {
    if (this.looker && hop !== undefined) {
      throw new RequestProblem("bad-request", "hop is for recordings, and this model takes pictures");
    }
    return this.looker ? this.see(this.looker, file) : this.listen(file, hop);
  }

  /** @param bytes samples of one channel, float32 */
  async hear(bytes: Uint8Array<ArrayBuffer>, sampleRate: number): Promise<Answer> {
    const samples = new Float32Array(bytes.buffer);
    return this.answered(await this.listener(undefined).predict({ samples, sampleRate }));
  }

  private async listen({ name, bytes }: SentFile, hop: number | undefined): Promise<Answer> {
    const { limits } = this;
    const reader = await openAudio(memorySource(bytes, name));
    const { info } = reader;
    if (info.sampleRate > MOST_SAMPLE_RATE) {
      throw new RequestProblem(
        "unreadable",
        `${name}: a sample rate of ${info.sampleRate} Hz; at most ${MOST_SAMPLE_RATE} Hz are taken`,
      );
    }
    const most = limits.seconds * Math.min(1, FULL_LENGTH_RATE / info.sampleRate);
    requireLength(name, info.duration ?? 0, most);
    const pieces = blocksOfMono(reader, name, { seconds: Math.min(PIECE_SECONDS, most + 1) });
    const heard = await this.listener(hop).predictPieces(limited(pieces, name, most));
    const role = this.roleOf(bytes);
    const answer = this.answered({ ...heard, ...(role && { heardIn: role }) });
    return info.warnings.length > 0 ? { ...answer, warnings: [...info.warnings] } : answer;
  }

  private answered(heard: Omit<Parameters<typeof recordingJson>[0], "task" | "classNames">): Answer {
    const { task, classNames } = this.sent;
    return recordingJson({ ...heard, task, classNames });
  }

  private async see(looker: ImageModel, { name, bytes }: SentFile): Promise<Answer> {
    const { warnings, ...image } = await decodeImage(bytes, name, { maxPixels: this.limits.pixels });
    const [outputs] = await looker.predict([image]);
    const { task, classNames } = looker.description;
    const role = this.roleOf(bytes);
    const answer: Answer = pictureJson({ task, classNames, outputs, ...(role && { seenIn: role }) });
    return warnings.length > 0 ? { ...answer, warnings: [...warnings] } : answer;
  }

  private listener(hop: number | undefined): AudioModel {
    const { listeners, network, sent } = this;
    const listener = listeners.get(hop) ?? new AudioModel(network, sent.path, { hopSeconds: hop });
    listeners.delete(hop);
    listeners.set(hop, listener);
    const oldest = [...listeners.keys()].find((one) => one !== undefined);
    if (listeners.size > MOST_HOPS && oldest !== undefined) listeners.delete(oldest);
    return listener;
  }

  private roleOf(bytes: Uint8Array): "training" | "validation" | undefined {
    const { roles } = this.sent;
    const role = roles.size > 0 ? roles.get(contentKey(sha256().update(bytes).digest())) : undefined;
    return role === "train" ? "training" : role;
  }
}

/** Headers may promise less than there is. */
async function* limited(
  pieces: AsyncIterable<MonoAudio>,
  name: string,
  most: number,
): AsyncGenerator<MonoAudio> {
  let seconds = 0;
  for await (const piece of pieces) {
    seconds += piece.samples.length / piece.sampleRate;
    requireLength(name, seconds, most);
    yield piece;
  }
}

function requireLength(name: string, seconds: number, most: number): void {
  if (seconds <= most) return;
  throw new RequestProblem(
    "too-long",
    `${name}: longer than the ${Number(most.toFixed(1))} s that are taken at its sample rate`,
  );
}
