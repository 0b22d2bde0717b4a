import { accept } from './accepting.ts'
import { requireCallback, requireInteger, requireObject, requireString } from './arguments.ts'
import type { Callback } from './callback.ts'
import type { Caller } from './caller.ts'
import { close } from './closing.ts'
import { errorText } from './codes.ts'
import { connect } from './connecting.ts'
import type { EfunContext } from './efun-context.ts'
import { bind, create, listen } from './opening.ts'
import { acquire, release } from './releasing.ts'
import { address, type SocketStatus, status, statusOfAll } from './status.ts'
import { getOption, setOption } from './tls-options.ts'
import { write } from './writing.ts'

/**
 * The socket efuns as one object calls them. They return a code, or a descriptor where there is one to return; wrong types
 * throw a TypeError. They may be taken apart: `const { socket_create } = efuns.as(this)`.
 */
export interface Efuns {
  /**
   * Makes a socket and returns its descriptor. `read` is called with the descriptor and what was read; `close` with the
   * descriptor, when the peer is gone.
   */
  socket_create(mode: number, read: Callback, close?: Callback): number
  /**
   * Gives it an address: `port` on the host that {@link SocketEfunsOptions} names, or `address`, an `ip port`; port 0 is any
   * free one. A stream holds the port by listening: who connects before `socket_listen` waits.
   */
  socket_bind(fd: number, port: number, address?: string): number | Promise<number>
  /**
   * Calls `callback` with the descriptor whenever a connection waits to be accepted. May follow a bind that is still under
   * way. In the TLS modes this is where the certificate is read.
   */
  socket_listen(fd: number, callback: Callback): number | Promise<number>
  /** Takes the connection that waits longest and returns its descriptor. `write` is called when a write has left. */
  socket_accept(fd: number, read: Callback, write: Callback): number
  /** Connects to an `ip port`. `write` is called when that is done, and when a write has left. */
  socket_connect(fd: number, address: string, read: Callback, write: Callback): number
  /**
   * Sends. EESUCCESS: it has left. EECALLBACK: it was taken, and the write callback follows; until then EEALREADY. At most
   * 16 MiB at a time. A datagram goes to `address`.
   */
  socket_write(fd: number, message: unknown, address?: string): number
  /** Closes it, behind what was written. The close callback is not called. */
  socket_close(fd: number): number
  /**
   * Hands it to `target`: calls `callback` there, with the descriptor and `target`, and who acquires it in that call has
   * it. EESUCCESS if and only if somebody has.
   */
  socket_release(fd: number, target: object, callback: Callback): number
  /** Takes the socket that is just being released to this object. */
  socket_acquire(fd: number, read: Callback, write: Callback, close: Callback): number
  /** What a code means. */
  socket_error(code: number): string
  /** The peer's address, `ip port`; with `local` other than 0 its own. */
  socket_address(fd: number, local?: number): string
  /** What there is to say of a socket; 0 if there has never been one with this number. */
  socket_status(fd: number): SocketStatus | 0
  /** What there is to say of all sockets that are open. */
  socket_status(): readonly SocketStatus[]
  /**
   * Sets an option of the TLS modes, before the socket listens or connects.
   *
   * @throws TypeError for an option or a value that is none, for a socket that is not open, or somebody else's.
   */
  socket_set_option(fd: number, option: number, value: string | number): void
  /** Its value; undefined, which is LPC's 0, where a text has not been set. */
  socket_get_option(fd: number, option: number): string | number | undefined
}

/** The efuns with `this_object()` being the caller. `callerOf` is who an object is that something is released to. */
export function efunsOf(context: EfunContext, caller: Caller, callerOf: (object: object) => Caller): Efuns {
  function socket_status(): readonly SocketStatus[]
  function socket_status(fd: number): SocketStatus | 0
  function socket_status(fd?: number): SocketStatus | 0 | readonly SocketStatus[] {
    if (fd === undefined) return statusOfAll(context)
    requireInteger('socket_status', 1, fd)
    return status(context, fd)
  }
  return Object.freeze({
    socket_create(mode: number, read: Callback, closed?: Callback) {
      requireInteger('socket_create', 1, mode)
      requireCallback('socket_create', 2, read)
      if (closed !== undefined) requireCallback('socket_create', 3, closed)
      return create(context, caller, mode, read, closed)
    },
    socket_bind(fd: number, port: number, place?: string) {
      requireInteger('socket_bind', 1, fd)
      requireInteger('socket_bind', 2, port)
      if (place !== undefined) requireString('socket_bind', 3, place)
      return bind(context, caller, fd, port, place)
    },
    socket_listen(fd: number, callback: Callback) {
      requireInteger('socket_listen', 1, fd)
      requireCallback('socket_listen', 2, callback)
      return listen(context, caller, fd, callback)
    },
    socket_accept(fd: number, read: Callback, written: Callback) {
      requireInteger('socket_accept', 1, fd)
      requireCallback('socket_accept', 2, read)
      requireCallback('socket_accept', 3, written)
      return accept(context, caller, fd, read, written)
    },
    socket_connect(fd: number, place: string, read: Callback, written: Callback) {
      requireInteger('socket_connect', 1, fd)
      requireString('socket_connect', 2, place)
      requireCallback('socket_connect', 3, read)
      requireCallback('socket_connect', 4, written)
      return connect(context, caller, fd, place, read, written)
    },
    socket_write(fd: number, message: unknown, place?: string) {
      requireInteger('socket_write', 1, fd)
      if (place !== undefined) requireString('socket_write', 3, place)
      return write(context, caller, fd, message, place)
    },
    socket_close(fd: number) {
      requireInteger('socket_close', 1, fd)
      return close(context, caller, fd)
    },
    socket_release(fd: number, target: object, callback: Callback) {
      requireInteger('socket_release', 1, fd)
      requireObject('socket_release', 2, target)
      requireCallback('socket_release', 3, callback)
      return release(context, caller, fd, callerOf(target), callback)
    },
    socket_acquire(fd: number, read: Callback, written: Callback, closed: Callback) {
      requireInteger('socket_acquire', 1, fd)
      requireCallback('socket_acquire', 2, read)
      requireCallback('socket_acquire', 3, written)
      requireCallback('socket_acquire', 4, closed)
      return acquire(context, caller, fd, read, written, closed)
    },
    socket_error(code: number) {
      requireInteger('socket_error', 1, code)
      return errorText(code)
    },
    socket_address(fd: number, local = 0) {
      requireInteger('socket_address', 1, fd)
      requireInteger('socket_address', 2, local)
      return address(context, fd, local !== 0)
    },
    socket_status,
    socket_set_option(fd: number, option: number, value: string | number) {
      requireInteger('socket_set_option', 1, fd)
      requireInteger('socket_set_option', 2, option)
      setOption(context, caller, fd, option, value)
    },
    socket_get_option(fd: number, option: number) {
      requireInteger('socket_get_option', 1, fd)
      requireInteger('socket_get_option', 2, option)
      return getOption(context, fd, option)
    },
  })
}
