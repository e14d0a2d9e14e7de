/** @file The trainings of both networks as the page sees them: reports come from the worker, buttons start and stop. */
import { proxy, type Remote } from "comlink";
import type { Lab, NetworkName, Progress } from "./lenet.worker.ts";
import { UNTRAINED, type TrainingRecord } from "./view.ts";

/** Milliseconds between two looks at the layers while they are trained. */
const BETWEEN_LOOKS = 300;

export class Trainings {
  failure = $state<string>();
  private records = $state.raw<Readonly<{ [Name in NetworkName]: TrainingRecord }>>({
    usual: UNTRAINED,
    1998: UNTRAINED,
  });

  private lastLook = -Infinity;
  private readonly lab: Remote<Lab>;

  constructor(lab: Remote<Lab>) {
    this.lab = lab;
  }

  of(name: NetworkName): TrainingRecord {
    return this.records[name];
  }

  /** Trains until it is stopped; a network that was trained goes on. */
  async start(name: NetworkName): Promise<void> {
    this.failure = undefined;
    this.change(name, { isRunning: true });
    try {
      await this.lab.train(
        name,
        proxy((progress) => Promise.resolve(this.take(name, progress))),
      );
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
    }
    this.change(name, { isRunning: false, moment: this.records[name].moment + 1 });
  }

  async stop(name: NetworkName): Promise<void> {
    await this.lab.stop(name);
  }

  /** Back to the first weights. */
  async forget(name: NetworkName): Promise<void> {
    await this.lab.reset(name);
    this.records = { ...this.records, [name]: UNTRAINED };
  }

  private take(name: NetworkName, { step, epochs, losses, examplesPerSecond, accuracy }: Progress): void {
    const before = this.records[name];
    const isDue = performance.now() - this.lastLook >= BETWEEN_LOOKS;
    if (isDue) this.lastLook = performance.now();
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    this.change(name, {
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

  private change(name: NetworkName, part: Partial<TrainingRecord>): void {
    this.records = { ...this.records, [name]: { ...this.records[name], ...part } };
  }
}
