import type { Observed, Step } from './scenario.ts'

/** Something that an event may be. */
export type Event = Readonly<Record<string, unknown>> & { readonly step: number }

/** An event with what is known of its place: did the step itself lead to it, or did it come by itself? */
export interface Placed<E extends Event> {
  readonly event: E
  readonly isOwn: boolean
  /** It begins a callback that nothing else led to, or a summary of several. */
  readonly isCallback: boolean
}

/**
 * Tells the events that the steps themselves led to from those that came by themselves: their order among each other is not
 * fixed, for the recorded driver took its turns at other times than ours.
 */
export function structure<E extends Event>(
  events: readonly E[],
  steps: readonly Step[],
): readonly Placed<E>[] {
  let unitEnd = -1
  let isOwn = false
  return events.map((event, index) => {
    const isFirst = index > unitEnd && !isAfterthought(events, index)
    if (isFirst) {
      unitEnd = endOf(events, index)
      isOwn = isOwnEvent(event, steps[event.step])
    }
    return { event, isOwn, isCallback: isFirst && !isOwn }
  })
}

function isOwnEvent(event: Event, step: Step | undefined): boolean {
  if ('peer' in event) return true
  if (!('did' in event) && !('begin' in event)) return false
  return step !== undefined && 'object' in step
}

/** What has no beginning of its own: an error that left a callback, what its object did until then. */
function isAfterthought(events: readonly Event[], index: number): boolean {
  const event = events[index]
  if (!event || index === 0 || events[index - 1]?.step !== event.step) return false
  return 'uncaught_error' in event || 'callback_end' in event || 'end' in event || isBrokenOff(events, index)
}

function isBrokenOff(events: readonly Event[], index: number): boolean {
  const event = events[index]
  const name = event?.begin
  if (name !== 'throw' && name !== 'destruct') return false
  return endOf(events, index) === index
}

/** The last event that belongs to this one: the end of an efun or a callback, or itself. */
export function endOf(events: readonly Event[], index: number): number {
  const event = events[index]
  const kind = event && 'begin' in event ? 'begin' : 'callback'
  const name = event?.[kind]
  if (!event || name === undefined) return index
  const endKind = kind === 'begin' ? 'end' : 'callback_end'
  let depth = 1
  for (let at = index + 1; at < events.length; at += 1) {
    const other = events[at]
    if (!other || other.step !== event.step) break
    if (!isSame(other.who, event.who)) continue
    if (other[kind] === name) depth += 1
    if (other[endKind] === name) depth -= 1
    if (depth === 0) return at
  }
  return index
}

/** An object that was destructed meanwhile is the same one. */
function isSame(one: unknown, other: unknown): boolean {
  return String(one).replace(' (already destroyed)', '') === String(other).replace(' (already destroyed)', '')
}

/** The numbers that creating and accepting gave, in their order. */
export function createdNumbers(events: readonly Observed[]): readonly number[] {
  return events.flatMap((event) => {
    const name = event.did ?? event.end
    const isMaking = name === 'socket_create' || name === 'socket_accept'
    return isMaking && typeof event.returned === 'number' && event.returned >= 0 ? [event.returned] : []
  })
}
