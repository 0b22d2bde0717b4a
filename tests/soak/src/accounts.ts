import type { CloseReason } from '@mudwire/core'
import type { PeerSide } from './messages.ts'

/** A connection as its owners saw it. */
export interface OwnerSide {
  /** Bytes that owners read, and that they wrote. */
  readonly read: number
  readonly written: number
  /** An owner saw the peer's end, or its clean close. */
  readonly sawEnd: boolean
  /** It was closed from here. */
  readonly closedHere: boolean
  readonly reason: CloseReason
  /** What was wrong while it was open. */
  readonly problem?: string
}

/** Compares both sides of a connection that is over. Returns what is wrong, and undefined where every byte is accounted for. */
export function audit(owners: OwnerSide, peer: PeerSide): string | undefined {
  const { read, written } = owners
  const { sent, received } = peer
  if (owners.problem) return owners.problem
  if (peer.wrongAt !== undefined) return `the peer read something else at byte ${peer.wrongAt}`
  if (read > sent) return `owners read up to byte ${read}, the peer sent ${sent}`
  if (received > written) return `the peer read up to byte ${received}, owners wrote ${written}`
  return inputMissing(owners, peer) ?? outputMissing(owners, peer)
}

function inputMissing({ read, sawEnd, closedHere, reason }: OwnerSide, peer: PeerSide): string | undefined {
  if (sawEnd && read !== peer.sent)
    return `owners read ${read} bytes and a clean end, the peer sent ${peer.sent}`
  const cutOff = closedHere || reason.code === 'slow-reader'
  if (peer.left === 'ended' && !sawEnd && !cutOff) {
    return `the peer ended properly after byte ${peer.sent}, owners were told ${told(reason)} after byte ${read}`
  }
  return undefined
}

function outputMissing({ written, reason }: OwnerSide, peer: PeerSide): string | undefined {
  if (reason.kind !== 'end' || reason.unsent !== undefined || peer.left === 'broke') return undefined
  // A peer that sends on to a socket which is closed, and reads nothing meanwhile, loses what it has not read.
  if (peer.slept && !peer.sawEnd) return undefined
  // What is written after the peer's Close frame goes nowhere.
  if (peer.kind === 'websocket' && peer.left === 'ended') return undefined
  if (peer.sawEnd && peer.received === written) return undefined
  const end = peer.sawEnd ? 'a clean end' : 'no clean end'
  return `owners wrote ${written} bytes and ended with ${told(reason)}, the peer read ${peer.received} and ${end}`
}

function told({ by, kind, code }: CloseReason): string {
  return `${code} (${kind} by ${by})`
}
