import type { Player } from './player.ts'
import { showAll } from './screen.ts'

/** The ways out of a room. */
export const DIRECTIONS = ['north', 'south', 'east', 'west', 'up', 'down'] as const
export type Direction = (typeof DIRECTIONS)[number]

/** Something that may be carried. */
export interface Thing {
  /** With its article: `a brass lantern`. */
  readonly name: string
}

/** A place, with who and what is in it. */
export class Room {
  /** What a client's map knows it by. */
  readonly number: number
  readonly title: string
  readonly description: string
  readonly exits: Map<Direction, Room> = new Map()
  readonly things: Thing[]
  readonly players: Set<Player> = new Set()
  /** Those who live here for the moment, with their article: `a grey cat`. */
  readonly inhabitants: Set<string> = new Set()

  constructor(number: number, title: string, description: string, things: readonly string[]) {
    this.number = number
    this.title = title
    this.description = description
    this.things = things.map((name) => ({ name }))
  }

  /** Shows markup to everybody here, except one. */
  tell(markup: string, except?: Player): void {
    const others = [...this.players].filter((player) => player !== except)
    showAll(
      others.flatMap(({ screen }) => screen ?? []),
      markup,
    )
  }
}
