/** Why a connection, a listener or a link came to its end. An ordinary ending is a value, not an error. */
export interface CloseReason {
  /** Who ended it: this side, the peer, or what lies between. */
  readonly by: 'local' | 'remote' | 'transport'
  /** `end` is clean: what was written before was flushed. With any other, something may be lost. */
  readonly kind: 'end' | 'abort' | 'timeout' | 'overflow' | 'protocol' | 'error'
  /** A stable word for programs: `end`, `reset`, `slow-reader`, `line-too-long` … */
  readonly code: string
  /** A sentence for people. A message transport may send it to the peer. */
  readonly text?: string
  /** The number on the wire, where the transport has one: a WebSocket close code. */
  readonly wire?: number
  /** What the system or the transport threw, where that is the cause. */
  readonly error?: Error
  /** Bytes that had arrived and that no owner has read. */
  readonly unread?: number
  /** Bytes that were written and that the link had not passed on. */
  readonly unsent?: number
}

/** What the closing side may say: the rest of a {@link CloseReason} is core's to fill in. */
export interface CloseOptions {
  /** Default `closed`. */
  readonly code?: string
  /** A sentence for people; a message transport sends it to the peer. */
  readonly text?: string
  /** A close code for transports that have them, such as 1001 for a WebSocket. */
  readonly wire?: number
}

/** The reason of a close that this side asked for. */
export function localClose(options: CloseOptions | undefined): CloseReason {
  if (options === undefined) return CLOSED
  return { by: 'local', kind: 'end', code: options.code ?? 'closed', ...wording(options) }
}

const CLOSED: CloseReason = Object.freeze({ by: 'local', kind: 'end', code: 'closed' })

/** A clean ending flushes and is told in order; anything else takes effect at once. */
export function isClean(reason: CloseReason): boolean {
  return reason.kind === 'end'
}

function wording(options: CloseOptions): Pick<CloseReason, 'text' | 'wire'> {
  return {
    ...(options.text !== undefined && { text: options.text }),
    ...(options.wire !== undefined && { wire: options.wire }),
  }
}
