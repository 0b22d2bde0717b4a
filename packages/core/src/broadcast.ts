import { PreparedText, type Writable } from './prepared.ts'
import type { Writer } from './socket.ts'

/** What became of a broadcast. */
export interface BroadcastResult {
  /** Written to. */
  readonly sent: number
  /** Passed over, because a drain is still owed to them: they read too slowly to get this too. */
  readonly full: number
  /** Passed over, because they are closing or handed over. */
  readonly dead: number
}

/**
 * Writes the same to many; a text is encoded once for each kind of link. Nobody's handler runs meanwhile.
 *
 * ```ts
 * const { dead } = broadcast(room.writers, 'The bell rings.\r\n')
 * ```
 */
export function broadcast(writers: Iterable<Writer>, data: Writable): BroadcastResult {
  const prepared = typeof data === 'string' ? new PreparedText(data) : data
  let sent = 0
  let full = 0
  let dead = 0
  for (const writer of writers) {
    if (!writer.alive) dead += 1
    else if (!writer.writable) full += 1
    else {
      writer.write(prepared)
      sent += 1
    }
  }
  return { sent, full, dead }
}
