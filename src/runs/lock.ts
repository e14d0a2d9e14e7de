/** A run's folder that is this process's alone: another tab or worker counts as a process too. Browser-safe. */
export interface Lock {
  /** Lets the next process in. */
  release(): Promise<void>;
}
