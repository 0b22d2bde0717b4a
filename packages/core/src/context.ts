import type { Clock } from './clock.ts'
import type { Endpoint } from './endpoint.ts'
import { reportToConsole } from './environment.ts'
import { EndpointList, LinkedList } from './linked-list.ts'
import type { EndpointInfo, HandlerError, Observer } from './observer.ts'
import type { OfferRecord } from './offer-record.ts'
import type { OwnerRef } from './owner.ts'
import type { Policy, PolicyRequest } from './policy.ts'
import { Sweep } from './sweep.ts'
import { Turns } from './turns.ts'

/** What the rarer events tell; see `tellHandOver` for those of every hand-over. */
type Told = {
  [Name in Exclude<keyof Observer, 'offered' | 'acquired'>]-?: Parameters<NonNullable<Observer[Name]>>
}

/** What the parts of one driver share. */
export class Context {
  readonly clock: Clock
  readonly turns: Turns
  readonly sweep: Sweep
  /** Every endpoint that is not closed is on one of these: its owner's, or `unowned`. */
  readonly lists: LinkedList<EndpointList> = new LinkedList()
  /** Connections that nobody has acquired yet, and those that go on flushing when their owner is gone. */
  readonly unowned: EndpointList = new EndpointList(this.lists)
  /** Offers whose target is just being asked, inside one another. */
  readonly presented: OfferRecord[] = []
  readonly hasPolicy: boolean
  /** False: nobody observes, and nothing need be made for observers. */
  readonly observing: boolean
  readonly #policy: Policy | undefined
  readonly #observer: Observer
  readonly #onError: ((event: HandlerError) => void) | undefined
  readonly #whenEmpty: (() => void)[] = []
  #lastId = 0

  constructor(
    clock: Clock,
    policy: Policy | undefined,
    observer: Observer | undefined,
    onError: ((event: HandlerError) => void) | undefined,
  ) {
    this.clock = clock
    this.turns = new Turns(clock.defer)
    this.sweep = new Sweep(clock)
    this.hasPolicy = policy !== undefined
    this.observing = observer !== undefined
    this.#policy = policy
    this.#observer = observer ?? {}
    this.#onError = onError
  }

  /** All endpoints that are not closed, as they are now. */
  endpoints(): readonly Endpoint[] {
    return [...this.lists].flatMap((list) => [...list])
  }

  /** An endpoint is closed. */
  forget(endpoint: Endpoint): void {
    endpoint.list?.remove(endpoint)
    if (this.lists.size === 0) this.#emptied()
  }

  /** Calls back when every socket is closed and its owner has heard of it. */
  whenEmpty(callback: () => void): void {
    this.#whenEmpty.push(callback)
    if (this.lists.size === 0) this.#emptied()
  }

  #emptied(): void {
    // The close handlers are planned for the next turn; this comes behind them.
    for (const callback of this.#whenEmpty.splice(0)) this.clock.defer(() => this.clock.defer(callback))
  }

  nextId(): number {
    this.#lastId += 1
    return this.#lastId
  }

  /** Asks the policy. One that throws, or that answers anything but true, refuses. */
  allows(request: PolicyRequest): boolean {
    const { turns } = this
    const outer = turns.guarded
    turns.guarded = true
    try {
      return this.#policy === undefined || this.#policy(request) === true
    } catch (error) {
      this.report({ error, owner: undefined, socket: undefined, handler: 'policy' })
      return false
    } finally {
      turns.guarded = outer
    }
  }

  /** Tells the observer of a change that is complete. */
  tell<Name extends keyof Told>(name: Name, ...facts: Told[Name]): void {
    const method = this.#observer[name] as ((...facts: Told[Name]) => void) | undefined
    if (!method) return
    const { turns } = this
    const outer = turns.guarded
    turns.guarded = true
    try {
      method.apply(this.#observer, facts)
    } catch (error) {
      this.#observerThrew(name, error)
    } finally {
      turns.guarded = outer
    }
  }

  /** The same as `tell`, at a fraction of its cost, for the two that happen in every hand-over. */
  tellHandOver(
    name: 'offered' | 'acquired',
    endpoint: EndpointInfo,
    from: OwnerRef | undefined,
    to: OwnerRef,
  ): void {
    const observer = this.#observer
    const { turns } = this
    const outer = turns.guarded
    turns.guarded = true
    try {
      if (name === 'offered') observer.offered?.(endpoint, from, to)
      else observer.acquired?.(endpoint, from, to)
    } catch (error) {
      this.#observerThrew(name, error)
    }
    turns.guarded = outer
  }

  /** A handler threw: the error hook is told, then the observer. */
  report(event: HandlerError): void {
    this.#callHook(event)
    if (this.observing) this.tell('error', event)
  }

  #observerThrew(name: keyof Observer, error: unknown): void {
    this.#callHook({ error, owner: undefined, socket: undefined, handler: `observer.${name}` })
  }

  #callHook(event: HandlerError): void {
    const { error, handler, owner } = event
    if (!this.#onError) {
      reportToConsole(`Mudwire: '${handler}'${owner ? ` of owner '${owner.name}'` : ''} threw:`, error)
      return
    }
    try {
      this.#onError(event)
    } catch (hookError) {
      reportToConsole(`Mudwire: the error hook threw when told of an error in '${handler}':`, hookError)
    }
  }
}
