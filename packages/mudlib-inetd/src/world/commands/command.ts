import type { Player } from '../player.ts'

/** Something that a player can do. */
export interface Command {
  readonly name: string
  /** Other words for it. */
  readonly aliases?: readonly string[]
  /** How it is typed, for `help`. */
  readonly usage: string
  /** What it does, for `help`. */
  readonly summary: string
  run(player: Player, rest: string): void
}
