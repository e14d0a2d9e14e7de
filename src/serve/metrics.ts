/** @file Figures for Prometheus. Node only. */

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** The state that gauges ask for. */
export interface MeasuredState {
  queued(): number;
  busy(): number;
  heldBytes(): number;
  liveConnections(): number;
  isReady(): boolean;
}

export class ServeMetrics {
  private readonly registry = new Registry();
  private readonly requests: Counter<"route" | "method" | "status">;
  private readonly seconds: Histogram<"route">;
  private readonly problems: Counter<"problem">;
  private readonly batchWindows: Histogram;
  private readonly batchParts: Histogram;
  private readonly batchSeconds: Histogram;
  private readonly loads: Counter<"model" | "outcome">;
  private readonly crashes: Counter<"thread">;

  constructor(state: MeasuredState) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    const name = (what: string) => `auricle_${what}`;
    this.requests = new Counter({
      name: name("requests_total"),
      help: "Requests by address, method and status",
      labelNames: ["route", "method", "status"],
      registers,
    });
    this.seconds = new Histogram({
      name: name("request_seconds"),
      help: "Time from a request's headers to the end of its answer",
      labelNames: ["route"],
      buckets: SECONDS,
      registers,
    });
    this.problems = new Counter({
      name: name("problems_total"),
      help: "Requests and files of forms that got no answer, by kind",
      labelNames: ["problem"],
      registers,
    });
    this.batchWindows = new Histogram({
      name: name("batch_windows"),
      help: "Windows and pictures in a forward pass",
      buckets: [1, 2, 4, 8, 16, 32],
      registers,
    });
    this.batchParts = new Histogram({
      name: name("batch_requests"),
      help: "Parts of requests that share a forward pass",
      buckets: [1, 2, 4, 8, 16, 32],
      registers,
    });
    this.batchSeconds = new Histogram({
      name: name("batch_seconds"),
      help: "Time of a forward pass",
      buckets: SECONDS,
      registers,
    });
    this.loads = new Counter({
      name: name("model_loads_total"),
      help: "Loaded versions of models",
      labelNames: ["model", "outcome"],
      registers,
    });
    this.crashes = new Counter({
      name: name("thread_ends_total"),
      help: "Threads that ended by themselves",
      labelNames: ["thread"],
      registers,
    });
    const gauge = (what: string, help: string, value: () => number) =>
      new Gauge({
        name: name(what),
        help,
        registers,
        collect() {
          this.set(value());
        },
      });
    gauge("queued_requests", "Requests that wait for a thread", () => state.queued());
    gauge("busy_threads", "Threads that have a request", () => state.busy());
    gauge("held_bytes", "Bytes of bodies in memory", () => state.heldBytes());
    gauge("live_connections", "Live connections that are open", () => state.liveConnections());
    gauge("ready", "1 where all models can answer", () => Number(state.isReady()));
  }

  /** @param seconds undefined for a live connection, whose time is its client's */
  request(route: string, method: string, status: number, seconds?: number): void {
    this.requests.inc({ route, method, status });
    if (seconds !== undefined) this.seconds.observe({ route }, seconds);
  }

  problem(kind: string): void {
    this.problems.inc({ problem: kind });
  }

  batch(windows: number, parts: number, seconds: number): void {
    this.batchWindows.observe(windows);
    this.batchParts.observe(parts);
    this.batchSeconds.observe(seconds);
  }

  load(model: string, isLoaded: boolean): void {
    this.loads.inc({ model, outcome: isLoaded ? "loaded" : "failed" });
  }

  crash(thread: "answer" | "network"): void {
    this.crashes.inc({ thread });
  }

  /** The text that Prometheus reads, and its media type. */
  async text(): Promise<{ readonly body: string; readonly type: string }> {
    return { body: await this.registry.metrics(), type: this.registry.contentType };
  }
}
