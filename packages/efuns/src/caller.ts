import type { Driver, Owner } from '@mudwire/core'
import { isPromise } from '@mudwire/core/internal'
import { type Callback, callBack } from './callback.ts'
import type { Descriptor } from './descriptor.ts'
import type { Release } from './releasing.ts'

/** An object that calls efuns, `this_object()`, and the owner that it is to core. */
export class Caller {
  readonly object: object
  readonly owner: Owner<Release>
  /** What it owns and has not closed. */
  readonly descriptors: Set<Descriptor> = new Set()

  constructor(driver: Driver, object: object) {
    this.object = object
    this.owner = driver.owner<Release>(nameOf(object), {
      offered: (offer) => offer.message.present(offer, this),
    })
  }

  /** Calls one of its callbacks, from within a handler of core's, which reports what is thrown. */
  call(callback: Callback | undefined, ...args: readonly unknown[]): void {
    if (callback === undefined) return
    const result = callBack(callback, this.object, args)
    if (!isPromise(result)) return
    result.then(undefined, (error: unknown) => this.report('callback', error))
  }

  /** Tells the driver's error hook of what was thrown where core could not see it. */
  report(handler: string, error: unknown): void {
    this.owner.run(handler, () => {
      throw error
    })
  }
}

/** For logs: the name of its class. */
function nameOf(object: object): string {
  const name: unknown = object.constructor?.name
  return typeof name === 'string' && name !== '' ? name : 'object'
}
