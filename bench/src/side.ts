/**
 * One way to do a row's work, in a process of its own. A server is worked on over the network; anything else works by
 * itself when it is told to.
 */
export type Side = ServerSide | WorkingSide

export interface ServerSide {
  /** Starts the server and resolves with its port. */
  listen(): Promise<number>
}

export interface WorkingSide {
  /** Does so many units of work, and calls back when they are done. */
  work(units: number): void | Promise<void>
}

/** What the process of a side is asked. */
export type Request =
  | { readonly do: 'usage' }
  | { readonly do: 'memory' }
  | { readonly do: 'work'; readonly units: number }

/** What it answers. */
export interface Answer {
  /** The port of a server; 0 for a side that works by itself. */
  readonly port: number
  /** CPU time of the process so far, user and system together, in microseconds. */
  readonly cpu: number
  /** `heapUsed + external` after a full collection, in bytes; 0 where it was not asked for. */
  readonly heap: number
  /** Resident memory, in bytes. */
  readonly rss: number
}
