import { DO, DONT, IAC, type Verb, WILL, WONT } from './protocol.ts'

/** Whose option it is: `us`, where we say WILL or WONT, or `him`, where the peer does (the words of RFC 1143). */
export type Party = 'us' | 'him'

/** What a negotiator asks, and tells. */
export interface NegotiatorEvents {
  send(bytes: readonly number[]): void
  /** May that party have the option in force, which the peer asks for? */
  allows(option: number, party: Party): boolean
  /** The option has come into force, or has ceased to be. */
  changed(option: number, party: Party, isOn: boolean): void
  /** What we asked for has been answered. */
  answered(option: number, party: Party): void
  now(): number
}

const NO = 0
const YES = 1
const WANTYES = 2
/** We have asked for it, and want the opposite by now. */
const WANTYES_OPPOSITE = 3

type State = typeof NO | typeof YES | typeof WANTYES | typeof WANTYES_OPPOSITE

/** So long may the acknowledgement of our WONT or DONT take, before it is taken for a refusal of something else. */
const LATE_MS = 2_000

/**
 * The Q method of RFC 1143, one machine for each option and party, with one deviation that clients in use force: who says
 * WONT or DONT is done with it. TinTin++ never acknowledges WONT ECHO, so a WANTNO would last for ever and the next WILL
 * ECHO would only be queued. Instead the option is off at once, and one late acknowledgement is ignored.
 *
 * It answers changes and nothing else, so it never takes part in a loop.
 */
export class Negotiator {
  readonly #events: NegotiatorEvents
  readonly #slotOf: (option: number) => number | undefined
  /** Two bits for each option that is spoken: a map would be most of what a silent connection costs. */
  #us = 0
  #him = 0
  /** Until when the acknowledgement of a WONT or DONT may still come, by option, for `him` with 256 added. */
  #late: Map<number, number> | undefined

  /** `slotOf` numbers the options that are spoken from 0 to 14; others are always off. */
  constructor(events: NegotiatorEvents, slotOf: (option: number) => number | undefined) {
    this.#events = events
    this.#slotOf = slotOf
  }

  /** Is it in force? */
  has(option: number, party: Party): boolean {
    return this.state(option, party) === YES
  }

  /** Is it in force, or asked for? */
  wants(option: number, party: Party): boolean {
    const state = this.state(option, party)
    return state === YES || state === WANTYES
  }

  /** Asks for an option, or gives it up. */
  request(option: number, party: Party, isOn: boolean): void {
    const state = this.state(option, party)
    if (isOn) {
      if (state === NO) this.say(option, party, true, WANTYES)
      else if (state === WANTYES_OPPOSITE) this.set(option, party, WANTYES)
    } else if (state === WANTYES) this.set(option, party, WANTYES_OPPOSITE)
    else if (state === YES) this.giveUp(option, party)
  }

  received(verb: Verb, option: number): void {
    const party: Party = verb === DO || verb === DONT ? 'us' : 'him'
    if (verb === WILL || verb === DO) this.agreed(option, party)
    else this.refused(option, party)
  }

  private agreed(option: number, party: Party): void {
    const state = this.state(option, party)
    if (state === YES) return
    const isLate = this.takeLate(option, party)
    if (state === NO) {
      // It was said before our WONT or DONT was heard, and that is the answer to it.
      if (isLate) return
      const may = this.#events.allows(option, party)
      this.say(option, party, may, may ? YES : NO)
      if (may) this.#events.changed(option, party, true)
      return
    }
    this.set(option, party, YES)
    if (state === WANTYES) this.#events.changed(option, party, true)
    else this.sayNo(option, party)
    this.#events.answered(option, party)
  }

  private refused(option: number, party: Party): void {
    const state = this.state(option, party)
    if (state === YES) {
      this.say(option, party, false, NO)
      this.#events.changed(option, party, false)
      return
    }
    const isLate = this.takeLate(option, party)
    if (state === NO || isLate) return
    this.set(option, party, NO)
    this.#events.answered(option, party)
  }

  private giveUp(option: number, party: Party): void {
    this.sayNo(option, party)
    this.#events.changed(option, party, false)
  }

  /** Says WONT or DONT of its own accord, which is to be acknowledged, or not. */
  private sayNo(option: number, party: Party): void {
    this.say(option, party, false, NO)
    this.#late ??= new Map()
    this.#late.set(keyOf(option, party), this.#events.now() + LATE_MS)
  }

  /** Is an acknowledgement still to come? Then this is it. */
  private takeLate(option: number, party: Party): boolean {
    const key = keyOf(option, party)
    const until = this.#late?.get(key)
    this.#late?.delete(key)
    return until !== undefined && this.#events.now() < until
  }

  private say(option: number, party: Party, isOn: boolean, state: State): void {
    this.set(option, party, state)
    const verb = party === 'us' ? (isOn ? WILL : WONT) : isOn ? DO : DONT
    this.#events.send([IAC, verb, option])
  }

  private state(option: number, party: Party): State {
    const slot = this.#slotOf(option)
    if (slot === undefined) return NO
    return (((party === 'us' ? this.#us : this.#him) >> (2 * slot)) & 3) as State
  }

  private set(option: number, party: Party, state: State): void {
    const slot = this.#slotOf(option)
    if (slot === undefined) return
    const others = ~(3 << (2 * slot))
    if (party === 'us') this.#us = (this.#us & others) | (state << (2 * slot))
    else this.#him = (this.#him & others) | (state << (2 * slot))
  }
}

function keyOf(option: number, party: Party): number {
  return party === 'us' ? option : option + 256
}
