import type { Address } from './address.ts'
import type { CloseReason } from './close-reason.ts'
import type { DatagramSocket } from './datagram-socket.ts'
import type { Listener } from './listener.ts'
import type { StreamOffer } from './offer.ts'
import type { Mode } from './reader.ts'
import type { InboundSignal } from './signals.ts'
import type { Socket } from './socket.ts'

/** How a line came to its end. */
export interface LineInfo {
  /** False for what stood after the last line end when the peer finished. */
  readonly terminated: boolean
}

/**
 * What an owner does with a socket. Handlers are called as methods of the object, with the socket last, so one object
 * may serve many sockets. None runs inside a call into the driver; one that throws disturbs nobody else.
 */
export interface CommonHandlers {
  /** A signal, in its place among the data. */
  signal?(signal: InboundSignal, socket: Socket): void
  /**
   * The peer has finished sending; the socket stays writable until it is closed. Without this handler core closes the
   * socket when everything before has been delivered.
   */
  end?(socket: Socket): void
  /** Writing may go on: once after `write` returned false, the previous owner's false included. */
  drain?(socket: Socket): void
  /** The socket is closed: once, last, and never inside a call into the driver. */
  close?(reason: CloseReason, socket: Socket): void
}

/** Reads lines. LF, CR LF, CR NUL and CR end one, whatever the transport. */
export interface LineHandlers extends CommonHandlers {
  /** A line, without its end. */
  line(text: string, info: LineInfo, socket: Socket): void
  readonly text?: never
  readonly bytes?: never
}

/** Reads text as it comes. What is not UTF-8 becomes U+FFFD; a character is never split on a stream. */
export interface TextHandlers extends CommonHandlers {
  /** Text as it came; where a chunk ends means nothing, unless the link's shape is `message`. */
  text(chunk: string, socket: Socket): void
  readonly line?: never
  readonly bytes?: never
}

/** Reads bytes as they come. */
export interface BytesHandlers extends CommonHandlers {
  /** Bytes as they came. The memory is the owner's to keep. */
  bytes(chunk: Uint8Array, socket: Socket): void
  readonly line?: never
  readonly text?: never
}

/** Reads nothing: the socket stays paused, and what arrives waits for the next handlers. */
export interface SilentHandlers extends CommonHandlers {
  readonly line?: never
  readonly text?: never
  readonly bytes?: never
}

/** The reading handler that is present chooses the mode. */
export type SocketHandlers = LineHandlers | TextHandlers | BytesHandlers | SilentHandlers

/** What an owner does with a listener. */
export interface ListenerHandlers {
  /** Asked before any work is spent on a peer. False drops it without a word. */
  admit?(remote: Address, listener: Listener): boolean
  /**
   * A connection has arrived, as an offer from the driver. It is refused unless it is acquired before this returns,
   * or before the promise that this returns settles (5 s at most). Without this handler connections wait for
   * `listener.accept`.
   */
  accepted?(offer: StreamOffer<undefined>, listener: Listener): void | Promise<void>
  /** A failed accept or handshake. The listener lives on. */
  failed?(error: Error, listener: Listener): void
  /** The listener is closed: once, and last. */
  closed?(reason: CloseReason, listener: Listener): void
}

/** What an owner does with a datagram socket. */
export interface DatagramHandlers {
  /** A datagram, whole; an empty one is one too. The memory is the owner's to keep. Without this handler they wait. */
  datagram?(bytes: Uint8Array, from: Address, socket: DatagramSocket): void
  /** The socket is closed: once, and last. */
  close?(reason: CloseReason, socket: DatagramSocket): void
}

/** The same handlers without the discrimination, for the one place that calls them. */
export interface AnySocketHandlers extends CommonHandlers {
  line?(text: string, info: LineInfo, socket: Socket): void
  text?(chunk: string, socket: Socket): void
  bytes?(chunk: Uint8Array, socket: Socket): void
}

/** No handlers yet: nothing is delivered, not even a close, until `socket.handle` brings some. */
export const NO_HANDLERS: AnySocketHandlers & ListenerHandlers & DatagramHandlers = Object.freeze({})

/** Which mode these handlers read in. Throws a TypeError where the object cannot be meant. */
export function modeOf(handlers: AnySocketHandlers): Mode {
  requireObject(handlers)
  const { line, text, bytes } = handlers
  requireMethod('line', line)
  requireMethod('text', text)
  requireMethod('bytes', bytes)
  requireMethod('signal', handlers.signal)
  requireMethod('end', handlers.end)
  requireMethod('drain', handlers.drain)
  requireMethod('close', handlers.close)
  const mode = line ? 'line' : text ? 'text' : bytes ? 'bytes' : 'none'
  if ((line && (text || bytes)) || (text && bytes)) {
    throw new TypeError('Handlers choose one of line, text and bytes; these have more than one.')
  }
  return mode
}

/** Throws a TypeError where the object cannot be meant. */
export function requireListenerHandlers(handlers: ListenerHandlers): void {
  requireObject(handlers)
  requireMethod('admit', handlers.admit)
  requireMethod('accepted', handlers.accepted)
  requireMethod('failed', handlers.failed)
  requireMethod('closed', handlers.closed)
}

/** Throws a TypeError where the object cannot be meant. */
export function requireDatagramHandlers(handlers: DatagramHandlers): void {
  requireObject(handlers)
  requireMethod('datagram', handlers.datagram)
  requireMethod('close', handlers.close)
}

/** Throws a TypeError unless the handler is a function or absent. */
export function requireMethod(name: string, handler: unknown): void {
  if (handler === undefined || typeof handler === 'function') return
  throw new TypeError(`The handler '${name}' is a function, not ${describe(handler)}.`)
}

function requireObject(handlers: unknown): void {
  if (typeof handlers === 'object' && handlers !== null) return
  throw new TypeError(`Handlers are an object with methods, not ${describe(handlers)}.`)
}

function describe(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`
}
