/** LPC values in packets. */
export const MUD = 0
/** A stream of text. */
export const STREAM = 1
/** Datagrams: text where they are UTF-8, or else bytes. */
export const DATAGRAM = 2
/** A stream of bytes. */
export const STREAM_BINARY = 3
/** Datagrams of bytes. */
export const DATAGRAM_BINARY = 4
/** A stream of text over TLS. */
export const STREAM_TLS = 5
/** A stream of bytes over TLS. */
export const STREAM_TLS_BINARY = 6

/** What a mode means. */
export interface Mode {
  /** As `socket_status` shows it. */
  readonly name: string
  /** What carries it. */
  readonly carrier: 'stream' | 'tls' | 'datagram'
  /** What a read callback gets. */
  readonly reads: 'value' | 'text' | 'bytes'
}

const MODES: readonly Mode[] = [
  { name: 'MUD', carrier: 'stream', reads: 'value' },
  { name: 'STREAM', carrier: 'stream', reads: 'text' },
  { name: 'DATAGRAM', carrier: 'datagram', reads: 'text' },
  { name: 'STREAM', carrier: 'stream', reads: 'bytes' },
  { name: 'DATAGRAM', carrier: 'datagram', reads: 'bytes' },
  { name: 'STREAM_TLS', carrier: 'tls', reads: 'text' },
  { name: 'STREAM_TLS_BINARY', carrier: 'tls', reads: 'bytes' },
]

/** The mode with this number; undefined where there is none. */
export function modeOf(number: number): Mode | undefined {
  return MODES[number]
}
