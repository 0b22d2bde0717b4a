/** What is settable of a socket when it is connected, accepted or acquired. It travels with the socket. */
export interface SocketOptions {
  /** `write` returns false from this many unsent bytes on. Default 64 KiB. */
  readonly softLimit?: number
  /** A write that leaves more unsent bytes than this closes the socket, code `slow-reader`. Default 1 MiB. */
  readonly hardLimit?: number
  /** Hand over the writes of one turn together. Default true; false writes through. */
  readonly gather?: boolean
  /** A line with more bytes than this closes the socket, code `line-too-long`. Default 8 KiB. */
  readonly lineLimit?: number
  /** More held input than this closes the socket, code `overflow`. Default 1 MiB. */
  readonly heldLimit?: number
}

export type SocketLimits = Required<SocketOptions>

export const DEFAULT_LIMITS: SocketLimits = Object.freeze({
  softLimit: 64 * 1024,
  hardLimit: 1024 * 1024,
  gather: true,
  lineLimit: 8 * 1024,
  heldLimit: 1024 * 1024,
})

/** The limits with what is given of `options` in their place. Throws a TypeError for a size that is none. */
export function withOptions(limits: SocketLimits, options: SocketOptions | undefined): SocketLimits {
  if (options === undefined) return limits
  const merged = { ...limits }
  for (const name of ['softLimit', 'hardLimit', 'lineLimit', 'heldLimit'] as const) {
    const value = options[name]
    if (value === undefined) continue
    requireSize(name, value)
    merged[name] = value
  }
  if (options.gather !== undefined) merged.gather = options.gather
  return merged
}

/** How much a datagram socket holds of what nobody reads yet. It is set at bind or acquire, and travels with the socket. */
export interface DatagramOptions {
  /** While so many datagrams are held, new ones are dropped and counted. Default 1,024. */
  readonly queueLimit?: number
  /** A datagram that would make more held bytes than this is dropped and counted. Default 1 MiB. */
  readonly heldLimit?: number
}

export type DatagramLimits = Required<DatagramOptions>

export const DEFAULT_DATAGRAM_LIMITS: DatagramLimits = Object.freeze({
  queueLimit: 1024,
  heldLimit: 1024 * 1024,
})

/** As `withOptions`, for datagram sockets. */
export function withDatagramOptions(
  limits: DatagramLimits,
  options: DatagramOptions | undefined,
): DatagramLimits {
  if (options === undefined) return limits
  const { queueLimit = limits.queueLimit, heldLimit = limits.heldLimit } = options
  requireSize('queueLimit', queueLimit)
  requireSize('heldLimit', heldLimit)
  return { queueLimit, heldLimit }
}

/** Throws a TypeError unless `value` is a number of at least 1; Infinity means no limit. */
export function requireSize(name: string, value: number): void {
  if (typeof value !== 'number' || !(value >= 1)) {
    throw new TypeError(`${name} is a number of at least 1, not ${String(value)}.`)
  }
}
