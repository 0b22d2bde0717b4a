import type { Clock } from '@mudwire/core'
import type { DIRECTIONS, Room } from './room.ts'

const SHORTEST_STAY_MS = 20_000
const LONGEST_STAY_MS = 60_000

/** What came in from where is seen from the other side. */
const FROM: Readonly<Record<(typeof DIRECTIONS)[number], string>> = {
  north: 'the south',
  south: 'the north',
  east: 'the west',
  west: 'the east',
  up: 'below',
  down: 'above',
}

/** The one inhabitant that belongs to nobody: it wanders, and is seen to come and go. */
export class Cat {
  readonly name = 'a grey cat'
  readonly #clock: Pick<Clock, 'schedule'>
  readonly #random: () => number
  #room: Room
  #cancel: () => void

  constructor(room: Room, clock: Pick<Clock, 'schedule'>, random: () => number) {
    this.#clock = clock
    this.#random = random
    this.#room = room
    room.inhabitants.add(this.name)
    this.#cancel = this.#planToMove()
  }

  stop(): void {
    this.#cancel()
  }

  #planToMove(): () => void {
    const stay = SHORTEST_STAY_MS + this.#random() * (LONGEST_STAY_MS - SHORTEST_STAY_MS)
    return this.#clock.schedule(() => this.#move(), stay)
  }

  #move(): void {
    const exits = [...this.#room.exits]
    const chosen = exits[Math.floor(this.#random() * exits.length)]
    if (chosen) {
      const [direction, room] = chosen
      this.#room.inhabitants.delete(this.name)
      this.#room.tell(`A grey cat wanders off ${direction}.`)
      room.tell(`A grey cat wanders in from ${FROM[direction]}.`)
      room.inhabitants.add(this.name)
      this.#room = room
    }
    this.#cancel = this.#planToMove()
  }
}
