import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from './log.ts'
import type { Places } from './places.ts'
import type { PeerDetails } from './scenario.ts'

/** Something that a peer does, with what the recording shows that it saw. */
export interface PeerAct extends PeerDetails {
  readonly do: string
  readonly saw: readonly unknown[]
}

/** What a peer is made with. */
export interface PeerSetting {
  readonly name: string
  readonly log: Log
  readonly places: Places
  /** Makes a connection known that a listening peer has accepted. */
  readonly introduce: (name: string, peer: Peer) => void
}

/** An ordinary socket outside the driver. */
export interface Peer {
  act(act: PeerAct): Promise<void>
  /** The scenario is over. */
  end(): void
}

/** So long may anything take that a recording says will happen. */
export const DEADLINE_MS = 8_000
/** So long is looked whether more comes than should. */
export const QUIET_MS = 25

/** What has arrived at a connection since it was looked at last, and how it has ended. */
export interface Arrived {
  readonly bytes: Buffer
  readonly ended: 'open' | 'eof' | 'reset'
}

/** How many bytes a recording says that there were; undefined where it does not say. */
export function recordedLength(saw: unknown): number | undefined {
  if (typeof saw !== 'object' || saw === null) return undefined
  if ('length' in saw && typeof saw.length === 'number') return saw.length
  if ('bytes_hex' in saw) return String(saw.bytes_hex).length / 2
  if (!('bytes' in saw)) return undefined
  if (typeof saw.bytes === 'number') return saw.bytes
  const { bytes } = saw
  return typeof bytes === 'object' && bytes !== null
    ? recordedLength({ bytes_hex: '', ...bytes, ...hexOf(bytes) })
    : undefined
}

function hexOf(bytes: object): object {
  return 'hex' in bytes ? { bytes_hex: bytes.hex } : {}
}

/** How a recording says that it ended. */
export function recordedEnd(saw: unknown): unknown {
  return typeof saw === 'object' && saw !== null && 'then' in saw ? saw.then : undefined
}

/** Waits until it is so, for as long as anything may take. */
export async function until(holds: () => boolean, deadlineMs: number = DEADLINE_MS): Promise<void> {
  const end = performance.now() + deadlineMs
  while (!holds() && performance.now() < end) await sleep(2)
}

/** What a step sends, also where that is spelled out in words. */
export function bytesToSend({ do: verb, bytes_hex, text }: PeerAct): Buffer {
  if (bytes_hex !== undefined) return Buffer.from(bytes_hex, 'hex')
  const [, count, letter = ''] = /^send (\d+) x '(.)'/.exec(verb) ?? []
  if (count !== undefined) return Buffer.alloc(Number(count), letter)
  const [, size] = /^send frame with (\d+) byte body/.exec(verb) ?? []
  if (size !== undefined) return frame(Number(size))
  return Buffer.from(text ?? '', 'latin1')
}

/** A MUD-mode packet with a string that fills its body. */
function frame(size: number): Buffer {
  const header = Buffer.alloc(4)
  header.writeUInt32BE(size)
  const body = size < 2 ? Buffer.alloc(size, '1') : Buffer.from(`"${'a'.repeat(size - 2)}"`)
  return Buffer.concat([header, body])
}
