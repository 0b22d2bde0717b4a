/**
 * The stable codes of {@link SocketError} and of refused results. Those that MudOS had keep MudOS's names, so that
 * a porter finds them again; the text beside each says when it is seen.
 */
export type ErrorCode =
  /** A revoked handle was used, or the policy said no. */
  | 'EESECURITY'
  /** The socket is closing or closed. */
  | 'EEBADF'
  /** The socket is already on offer. */
  | 'EESOCKRLSD'
  /** Nobody acquired it, or it is not on offer. */
  | 'EESOCKNOTRLSD'
  /** The address to listen on is taken. */
  | 'EEADDRINUSE'
  /** The address to listen on cannot be used. */
  | 'EEBIND'
  /** An address is not one of this machine, or not an address. */
  | 'EEBADADDR'
  /** The other side refused the connection. */
  | 'EECONNREFUSED'
  /** The connection could not be made. */
  | 'EECONNECT'
  /** The transport cannot do what was asked of it. */
  | 'EEMODENOTSUPP'
  /** A policy or an observer tried to change a socket. */
  | 'EEREENTRY'

/**
 * A caller's mistake (thrown), or why a socket could not be opened (`opened` rejects with it). What belongs to normal
 * life, such as a declined offer or a peer that is gone, is never an exception.
 */
export class SocketError extends Error {
  override readonly name = 'SocketError'
  /** What to tell it apart by; the message is for people and may change. */
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }

  /** Makes a SocketError of whatever a transport threw; a system error's code becomes MudOS's word for it. */
  static from(error: unknown, fallback: ErrorCode, doing: string): SocketError {
    if (error instanceof SocketError) return error
    const system = error instanceof Error && 'code' in error ? String(error.code) : ''
    const text = error instanceof Error ? error.message : String(error)
    return new SocketError(SYSTEM_CODES[system] ?? fallback, `${doing}: ${text}`, { cause: error })
  }
}

const SYSTEM_CODES: Readonly<Record<string, ErrorCode>> = {
  EADDRINUSE: 'EEADDRINUSE',
  EADDRNOTAVAIL: 'EEBADADDR',
  ENOTFOUND: 'EEBADADDR',
  EAI_AGAIN: 'EEBADADDR',
  ECONNREFUSED: 'EECONNREFUSED',
}
