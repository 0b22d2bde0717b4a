import { broadcast } from '@mudwire/core'
import type { Player } from './player.ts'
import { EOL } from './text.ts'

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
  readonly title: string
  readonly description: string
  readonly exits: Map<Direction, Room> = new Map()
  readonly things: Thing[]
  readonly players: Set<Player> = new Set()
  /** Those who live here for the moment, with their article: `a grey cat`. */
  readonly inhabitants: Set<string> = new Set()

  constructor(title: string, description: string, things: readonly string[]) {
    this.title = title
    this.description = description
    this.things = things.map((name) => ({ name }))
  }

  /** Tells everybody here, except one. A text is encoded once for all of them. */
  tell(text: string, except?: Player): void {
    const listeners = [...this.players].filter((player) => player !== except)
    broadcast(
      listeners.flatMap((player) => player.writer ?? []),
      `${text}${EOL}`,
    )
  }
}
