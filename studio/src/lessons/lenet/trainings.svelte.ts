/** @file The trainings of both networks on either data as the page sees them: reports come from the worker, buttons start and stop. */
import { proxy, type Remote } from "comlink";
import type { Lab, Progress } from "./lenet.worker.ts";
import { keyOf, UNTRAINED, type Task, type TrainingRecord } from "./view.ts";

/** Milliseconds between two looks at the layers while they are trained. */
const BETWEEN_LOOKS = 300;

export class Trainings {
  failure = $state<string>();
  private records = $state.raw<Readonly<Record<string, TrainingRecord>>>({});

  private lastLook = -Infinity;
  private readonly lab: Remote<Lab>;

  constructor(lab: Remote<Lab>) {
    this.lab = lab;
  }

  of(task: Task): TrainingRecord {
    return this.records[keyOf(task)] ?? UNTRAINED;
  }

  /** Trains until it is stopped; a network that was trained goes on. */
  async start(task: Task): Promise<void> {
    this.failure = undefined;
    this.change(task, { isRunning: true });
    try {
      await this.lab.train(
        task,
        proxy((progress) => Promise.resolve(this.take(task, progress))),
      );
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
    }
    this.change(task, { isRunning: false, moment: this.of(task).moment + 1 });
  }

  async stop(task: Task): Promise<void> {
    await this.lab.stop(task);
  }

  /** Back to the first weights. */
  async forget(task: Task): Promise<void> {
    await this.lab.reset(task);
    this.records = { ...this.records, [keyOf(task)]: UNTRAINED };
  }

  private take(task: Task, { step, epochs, losses, examplesPerSecond, accuracy }: Progress): void {
    const before = this.of(task);
    const isDue = performance.now() - this.lastLook >= BETWEEN_LOOKS;
    if (isDue) this.lastLook = performance.now();
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    this.change(task, {
      step,
      epochs,
      moment: before.moment + (isDue ? 1 : 0),
      ...(losses.length > 0 && {
        steps: [...before.steps, step],
        losses: [...before.losses, mean],
        examplesPerSecond,
      }),
      ...(accuracy !== undefined && { tests: [...before.tests, { step, accuracy }] }),
    });
  }

  private change(task: Task, part: Partial<TrainingRecord>): void {
    this.records = { ...this.records, [keyOf(task)]: { ...this.of(task), ...part } };
  }
}
