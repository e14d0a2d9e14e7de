/** @file How MPI started this process, from the environment: which library it needs, and how many ranks there are. Browser-safe. */

/** The implementations of MPI by their binary interface: MPICH's is also Intel MPI's, MVAPICH's and Cray's. */
export type MpiFamily = "Open MPI" | "MPICH";

export interface Launch {
  /** The families to look for, the likelier one first. */
  readonly families: readonly MpiFamily[];
  /** How many ranks were started; undefined where only MPI itself knows. */
  readonly size: number | undefined;
  /** How many of them run on this machine; 1 where that is unknown. */
  readonly localSize: number;
  /** The number of this process, where it is known before MPI is asked. */
  readonly rank: number | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @returns undefined where no MPI has started this process */
export function launchOf(environment: Environment): Launch | undefined {
  const number = (...names: readonly string[]) => {
    const text = names.map((name) => environment[name]).find((value) => value !== undefined);
    return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
  };
  const local = number("OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS") ?? 1;
  if (environment.OMPI_COMM_WORLD_SIZE !== undefined) {
    return {
      families: ["Open MPI"],
      size: number("OMPI_COMM_WORLD_SIZE"),
      localSize: local,
      rank: number("OMPI_COMM_WORLD_RANK"),
    };
  }
  if (environment.PMI_RANK !== undefined || environment.PMI_SIZE !== undefined) {
    return { families: ["MPICH"], size: number("PMI_SIZE"), localSize: local, rank: number("PMI_RANK") };
  }
  // Slurm's own PMIx, which both families know.
  if (environment.PMIX_RANK === undefined) return undefined;
  return {
    families: ["Open MPI", "MPICH"],
    size: number("SLURM_STEP_NUM_TASKS"),
    localSize: local,
    rank: number("PMIX_RANK"),
  };
}
