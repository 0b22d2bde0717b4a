import type { Endpoint } from './endpoint.ts'
import { isPromise } from './is-promise.ts'
import type { Refusal } from './observer.ts'
import type { OfferOptions, OfferResult } from './offer.ts'
import { OfferRecord, outcome, settle, whenSettled } from './offer-record.ts'
import type { OwnerCore } from './owner-core.ts'

/** A release inside a release inside a release: this many, and it is a loop. */
const NESTED_RELEASES = 32
const DEFAULT_DEADLINE_MS = 5_000
const LONGEST_DEADLINE_MS = 60_000

/** MudOS's `socket_release`: offers the endpoint, and the target answers before this returns. */
export function release(
  endpoint: Endpoint,
  owner: OwnerCore,
  target: OwnerCore,
  message: unknown,
): OfferResult {
  const refused = refusal(endpoint, owner, target)
  if (refused) return refuse(endpoint, owner, target, refused)
  const offer = new OfferRecord(endpoint, target, message)
  const answer = present(endpoint, offer, target)
  if (offer.state === 'open') settle(offer, 'declined', reasonFor(answer, target))
  if (isPromise(answer)) reportRejection(endpoint, target, answer)
  return outcome(offer)
}

/** The same handshake with time: the target may answer later, until its promise settles or the deadline passes. */
export function offerWithTime(
  endpoint: Endpoint,
  owner: OwnerCore,
  target: OwnerCore,
  message: unknown,
  options: OfferOptions,
): Promise<OfferResult> {
  const deadlineMs = requireDeadline(options.deadlineMs)
  const refused = options.signal?.aborted ? WITHDRAWN : refusal(endpoint, owner, target)
  if (refused) return Promise.resolve(refuse(endpoint, owner, target, refused))
  const offer = new OfferRecord(endpoint, target, message)
  const answer = present(endpoint, offer, target)
  if (!isPromise(answer)) {
    if (offer.state === 'open') settle(offer, 'declined', reasonFor(answer, target))
    return Promise.resolve(outcome(offer))
  }
  endpoint.refresh()
  declineWhenOver(answer, offer, target, (error) => endpoint.report('offered', error, target))
  return waitFor(endpoint, offer, deadlineMs, options.signal)
}

/** Offers an inherited endpoint to its dying owner's heir. False: nobody took it, and it is still to be closed. */
export function offerToHeir(endpoint: Endpoint, owner: OwnerCore): boolean {
  const heir = owner.heir
  if (!heir || refusal(endpoint, owner, heir)) return false
  const offer = new OfferRecord(endpoint, heir, { inherited: true })
  const answer = present(endpoint, offer, heir)
  if (offer.state === 'open') settle(offer, 'declined', reasonFor(answer, heir))
  if (isPromise(answer)) reportRejection(endpoint, heir, answer)
  return outcome(offer).acquired || endpoint.isOver
}

/** Keeps an offer open for a promise: when that settles and nobody has acquired, the offer is declined. */
export function declineWhenOver(
  answer: PromiseLike<unknown>,
  offer: OfferRecord,
  target: OwnerCore,
  report: (error: unknown) => void,
): void {
  if (offer.state === 'open') target.addPending(offer)
  answer.then(
    () => settle(offer, 'declined', 'not-acquired'),
    (error: unknown) => {
      report(error)
      settle(offer, 'declined', 'threw')
    },
  )
}

/** What a handler that threw gave instead of an answer. */
export const THREW: unique symbol = Symbol('threw')

function refusal(endpoint: Endpoint, owner: OwnerCore, target: OwnerCore): Refusal | undefined {
  if (!endpoint.allows('release', owner, target)) return { code: 'EESECURITY', reason: 'policy' }
  if (endpoint.isOver) return { code: 'EEBADF' }
  if (endpoint.offer) return { code: 'EESOCKRLSD' }
  if (target.destroyed) return { code: 'EESOCKNOTRLSD', reason: 'target-destroyed' }
  if (endpoint.context.turns.releases >= NESTED_RELEASES) {
    return { code: 'EESOCKNOTRLSD', reason: 'nested-too-deep' }
  }
  return undefined
}

function refuse(endpoint: Endpoint, owner: OwnerCore, target: OwnerCore, refused: Refusal): OfferResult {
  const { context } = endpoint
  if (context.observing) context.tell('declined', endpoint.info, owner.ref, target.ref, refused)
  return { acquired: false, ...refused, owned: refused.code !== 'EEBADF' }
}

/** Shows the offer to its target. The one place where a handler runs inside a call into the driver. */
function present(endpoint: Endpoint, offer: OfferRecord, target: OwnerCore): unknown {
  const { context } = endpoint
  const { turns, presented } = context
  endpoint.offer = offer
  if (context.observing) context.tellHandOver('offered', endpoint.info, endpoint.owner?.ref, target.ref)
  turns.enter()
  turns.releases += 1
  presented.push(offer)
  try {
    return target.answer(offer)
  } catch (error) {
    endpoint.report('offered', error, target)
    return THREW
  } finally {
    presented.pop()
    turns.releases -= 1
    turns.leave()
  }
}

function reasonFor(answer: unknown, target: OwnerCore): string {
  if (answer === THREW) return 'threw'
  if (isPromise(answer)) return 'offered-is-async'
  return target.options.offered ? 'not-acquired' : 'no-offered-handler'
}

function reportRejection(endpoint: Endpoint, target: OwnerCore, answer: PromiseLike<unknown>): void {
  answer.then(undefined, (error: unknown) => endpoint.report('offered', error, target))
}

const WITHDRAWN: Refusal = { code: 'EESOCKNOTRLSD', reason: 'withdrawn' }

function waitFor(
  endpoint: Endpoint,
  offer: OfferRecord,
  deadlineMs: number,
  signal: AbortSignal | undefined,
): Promise<OfferResult> {
  if (offer.state !== 'open') return Promise.resolve(outcome(offer))
  return new Promise((resolve) => {
    const withdraw = (): void => settle(offer, 'withdrawn', 'withdrawn')
    const cancel = endpoint.context.clock.schedule(() => settle(offer, 'declined', 'deadline'), deadlineMs)
    signal?.addEventListener('abort', withdraw)
    whenSettled(offer, () => {
      cancel()
      signal?.removeEventListener('abort', withdraw)
      resolve(outcome(offer))
    })
  })
}

/** Throws a TypeError for what is no deadline. */
export function requireDeadline(
  deadlineMs: number | undefined,
  fallback: number = DEFAULT_DEADLINE_MS,
): number {
  if (deadlineMs === undefined) return fallback
  if (typeof deadlineMs === 'number' && deadlineMs > 0 && deadlineMs <= LONGEST_DEADLINE_MS) return deadlineMs
  throw new TypeError(
    `deadlineMs is more than 0 and at most ${LONGEST_DEADLINE_MS}, not ${String(deadlineMs)}.`,
  )
}
