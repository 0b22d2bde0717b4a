import { type Clock, systemClock } from './clock.ts'
import type { CloseOptions } from './close-reason.ts'
import { localClose } from './close-reason.ts'
import { Context } from './context.ts'
import { requireMethod } from './handlers.ts'
import type { HandlerError, Observer } from './observer.ts'
import type { Owner, OwnerOptions } from './owner.ts'
import { OwnerCore, ownerOf } from './owner-core.ts'
import { OwnerHandle } from './owner-handle.ts'
import type { Policy } from './policy.ts'
import { type Prepared, PreparedText } from './prepared.ts'

/** What a driver may be given: who decides, who watches, and where its time comes from (see {@link Clock}). */
export interface DriverOptions extends Partial<Clock> {
  /** Asked before anything listens, connects, arrives or changes hands. Default: everything is allowed. */
  readonly policy?: Policy
  /** Sees everything that happens. */
  readonly observer?: Observer
  /** Hears of every handler that threw. Default: the console does. */
  readonly onError?: (event: HandlerError) => void
}

/** How to close a driver: what its peers are told, and how long they may take. */
export interface CloseDriverOptions extends CloseOptions {
  /** Sockets that are still flushing after this are aborted. Default 30,000 ms. */
  readonly deadlineMs?: number
}

/** One running instance: its owners and their sockets. */
export interface Driver extends AsyncDisposable {
  /**
   * Makes an owner.
   *
   * ```ts
   * const echo = driver.owner('echo', {
   *   offered(offer) {
   *     if (offer.kind === 'stream') offer.acquire({ text: (chunk, socket) => socket.write(chunk) })
   *   },
   * })
   * ```
   */
  owner<Message = unknown>(name: string, options?: OwnerOptions<Message>): Owner<Message>
  /** Encodes a text once for each kind of link that it will be written to. */
  prepare(text: string): Prepared
  /** Stops listening, sends what was written, and closes everything. Resolves when the last socket is closed. */
  close(options?: CloseDriverOptions): Promise<void>
}

const CLOSE_DEADLINE_MS = 30_000

/** Makes a driver. Time comes from the environment, unless a clock is given. */
export function createDriver(options: DriverOptions = {}): Driver {
  const clock: Clock = {
    defer: options.defer ?? systemClock.defer,
    now: options.now ?? systemClock.now,
    schedule: options.schedule ?? systemClock.schedule,
  }
  return new DriverHandle(new Context(clock, options.policy, options.observer, options.onError))
}

class DriverHandle implements Driver {
  readonly #context: Context

  constructor(context: Context) {
    this.#context = context
  }

  owner<Message>(name: string, options: OwnerOptions<Message> = {}): Owner<Message> {
    if (typeof name !== 'string' || name === '')
      throw new TypeError('An owner has a name, for logs and for people.')
    requireMethod('offered', options.offered)
    if (options.heir) ownerOf(options.heir)
    return new OwnerHandle(new OwnerCore(this.#context, name, options as OwnerOptions<never>))
  }

  prepare(text: string): Prepared {
    if (typeof text !== 'string') throw new TypeError('What is prepared is a string.')
    return new PreparedText(text)
  }

  close({ deadlineMs = CLOSE_DEADLINE_MS, ...options }: CloseDriverOptions = {}): Promise<void> {
    const context = this.#context
    context.turns.assertUnguarded()
    const reason = localClose({ code: 'driver-closed', wire: 1001, ...options })
    context.turns.enter()
    for (const endpoint of context.endpoints()) if (endpoint.kind === 'listener') endpoint.shutDown(reason)
    for (const endpoint of context.endpoints()) endpoint.shutDown(reason)
    context.turns.leave()
    return new Promise((resolve) => {
      const cancel = context.clock.schedule(() => {
        const late = { ...reason, kind: 'timeout', code: 'drain-timeout' } as const
        for (const endpoint of context.endpoints()) endpoint.fail(late)
      }, deadlineMs)
      context.whenEmpty(() => {
        cancel()
        resolve()
      })
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
