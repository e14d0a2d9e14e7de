/** @file Records a profile while a run is trained, and writes its trace into the run's folder. Browser-safe. */

import { join } from "#here/io/path";
import { writeFileAtomic } from "../io/atomic-file.ts";
import type { Callback, TrainingControl } from "../nn/index.ts";
import { startProfile, type ProfileRecorder } from "../runtime/profile.ts";
import type { TrainingObserver } from "./observer.ts";
import { RUN_FILES } from "./run-folder.ts";

/** Steps that are not recorded at first: the engine still compiles, and memory is touched for the first time. */
const WARM_UP_STEPS = 5;
const RECORDED_STEPS = 20;

/**
 * Profiles the first epoch that is trained: its phases, and the kernels of 20 steps after the fifth. An epoch of fewer
 * than ten steps has the kernels of its second half recorded.
 */
export class ProfileCallback implements Callback {
  private readonly path: string;
  private readonly observer: Pick<TrainingObserver, "profiled">;
  private recorder: ProfileRecorder | undefined;
  private isDone = false;

  /** @param folder the folder of the run */
  constructor(folder: string, observer: Pick<TrainingObserver, "profiled">) {
    this.path = join(folder, RUN_FILES.profile);
    this.observer = observer;
  }

  onEpochBegin(_epoch: number, { batchesPerEpoch }: TrainingControl): void {
    if (this.isDone) return;
    this.recorder = startProfile();
    this.recorder.kernels = firstRecorded(batchesPerEpoch) === 0;
  }

  onBatchEnd(batch: number, _logs: unknown, { batchesPerEpoch }: TrainingControl): void {
    if (!this.recorder) return;
    const next = batch + 1 - firstRecorded(batchesPerEpoch);
    this.recorder.kernels = next >= 0 && next < RECORDED_STEPS && batch + 1 < batchesPerEpoch;
  }

  async onEpochComplete(): Promise<void> {
    const { recorder } = this;
    if (!recorder) return;
    const profile = this.stop(recorder);
    await writeFileAtomic(this.path, JSON.stringify(profile.trace));
    this.observer.profiled(profile, this.path);
  }

  /** An epoch that was cut short leaves no profile. */
  onTrainEnd(): void {
    if (this.recorder) this.stop(this.recorder);
  }

  private stop(recorder: ProfileRecorder) {
    this.recorder = undefined;
    this.isDone = true;
    return recorder.stop();
  }
}

function firstRecorded(batchesPerEpoch: number): number {
  return Math.min(WARM_UP_STEPS, Math.floor(batchesPerEpoch / 2));
}
