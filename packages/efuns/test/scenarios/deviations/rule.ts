import type { Observed, Scenario } from '../scenario.ts'

/**
 * A place where Mudwire does something else than the recorded driver, on purpose, as a rule: what becomes of a recording
 * under it. So it holds for recordings that nobody has seen yet.
 */
export interface Rule {
  readonly name: string
  /** For who ports code: what is different, and why. */
  readonly reason: string
  /** The events as they are to be here; the same list where the rule has nothing to say. */
  apply(events: readonly Observed[], scenario: Scenario): readonly Observed[]
}

/** The code with its name, in the place of what an efun returned. */
export function returning(event: Observed, returned: unknown, code?: string): Observed {
  const { code: _before, ...rest } = event
  return code === undefined ? { ...rest, returned } : { ...rest, returned, code }
}

/** The name of the efun that an event tells of. */
export function efunOf({ did, begin, end }: Observed): string | undefined {
  return did ?? begin ?? end
}

/** Is it about this socket? Only events with arguments say so. */
export function isAbout({ args }: Observed, fd: unknown): boolean {
  return args?.[0] === fd
}

/** What `socket_status` says of a socket that is closed. */
export const CLOSED: readonly unknown[] = [-1, 'CLOSED', 'MUD', '', '', { undefined: true }]

export function isStatus(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length === 6 && typeof value[1] === 'string'
}

/** The status with another field. */
export function statusWith(status: readonly unknown[], index: number, field: unknown): readonly unknown[] {
  return status.map((value, at) => (at === index ? field : value))
}

/** Puts a whole unit, from its beginning to its end, in the place of what the list has there. */
export function replaced(
  events: readonly Observed[],
  from: number,
  to: number,
  instead: readonly Observed[],
): readonly Observed[] {
  return [...events.slice(0, from), ...instead, ...events.slice(to + 1)]
}
