import type { ErrorCode, Offer, OfferResult } from '@mudwire/core'
import type { Callback } from './callback.ts'
import type { Caller } from './caller.ts'
import { EEBADF, EESECURITY, EESOCKNOTRLSD, EESOCKRLSD, EESUCCESS } from './codes.ts'
import type { Descriptor, Endpoint } from './descriptor.ts'
import type { EfunContext } from './efun-context.ts'
import { DatagramReceiver, ListenerReceiver, StreamReceiver } from './receivers.ts'

/** What goes with core's offer: which descriptor it is about, and whom to call. */
export class Release {
  readonly #descriptor: Descriptor
  readonly #callback: Callback

  constructor(descriptor: Descriptor, callback: Callback) {
    this.#descriptor = descriptor
    this.#callback = callback
  }

  /** Calls the release callback, in which the target may acquire. */
  present(offer: Offer<Release>, target: Caller): void {
    const descriptor = this.#descriptor
    descriptor.offer = offer
    try {
      target.call(this.#callback, descriptor.number, target.object)
    } finally {
      if (descriptor.offer === offer) descriptor.offer = undefined
    }
  }
}

/** `socket_release`: core's release, whose offer the target answers with `socket_acquire`. */
export function release(
  context: EfunContext,
  caller: Caller,
  fd: number,
  target: Caller,
  callback: Callback,
): number {
  if (!context.allows(caller, 'release', fd)) return EESECURITY
  const descriptor = context.own(caller, fd)
  if (typeof descriptor === 'number') return descriptor
  if (descriptor.ending) return EEBADF
  const message = new Release(descriptor, callback)
  return codeOf(descriptor.endpoint.socket.release(target.owner.ref, { message }))
}

/** `socket_acquire`: takes what is being released to the caller, with callbacks of its own. */
export function acquire(
  context: EfunContext,
  caller: Caller,
  fd: number,
  read: Callback,
  write: Callback,
  close: Callback,
): number {
  if (!context.allows(caller, 'acquire', fd)) return EESECURITY
  const descriptor = context.open(fd)
  if (typeof descriptor === 'number') return descriptor
  if (descriptor.ending) return EEBADF
  const { offer } = descriptor
  if (!offer) return EESOCKNOTRLSD
  const endpoint = answer(context, descriptor, caller, offer)
  if (!endpoint) return CODES[offer.refused ?? 'EESOCKNOTRLSD'] ?? EESOCKNOTRLSD
  descriptor.endpoint = endpoint
  descriptor.owner = caller
  descriptor.read = read
  descriptor.write = write
  descriptor.close = close
  descriptor.arrivals?.arrived()
  return EESUCCESS
}

function answer(
  context: EfunContext,
  descriptor: Descriptor,
  { owner }: Caller,
  offer: Offer<Release>,
): Endpoint | undefined {
  switch (offer.kind) {
    case 'stream': {
      const socket = owner.acquire(offer, new StreamReceiver(context, descriptor))
      return socket && { kind: 'stream', socket }
    }
    case 'listener': {
      const socket = owner.acquire(offer, new ListenerReceiver(context, descriptor))
      return socket && { kind: 'listener', socket }
    }
    case 'datagram': {
      const socket = owner.acquire(offer, new DatagramReceiver(context, descriptor))
      return socket && { kind: 'datagram', socket }
    }
  }
}

function codeOf(result: OfferResult): number {
  return result.acquired ? EESUCCESS : (CODES[result.code] ?? EESOCKNOTRLSD)
}

/** Core has kept MudOS's names for what a hand-over may come to. */
const CODES: Readonly<Partial<Record<ErrorCode, number>>> = {
  EESECURITY,
  EEBADF,
  EESOCKRLSD,
  EESOCKNOTRLSD,
}
