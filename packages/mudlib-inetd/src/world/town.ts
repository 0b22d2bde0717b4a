import { type Driver, systemClock } from '@mudwire/core'
import type { Service } from '../service.ts'
import { Cat } from './cat.ts'
import { loginTo } from './login.ts'
import { buildTown } from './map.ts'
import type { PlayerName } from './names.ts'
import { Player } from './player.ts'
import type { Room } from './room.ts'
import type { World, WorldOptions } from './world.ts'

/** A small town, who is in it, and the way in. */
export class Town implements World {
  readonly driver: Driver
  readonly login: Service
  readonly #start: Room
  readonly #cat: Cat
  readonly #players = new Map<string, Player>()

  constructor(driver: Driver, options: WorldOptions) {
    const clock = options.clock ?? systemClock
    const rooms = buildTown()
    this.driver = driver
    this.#start = rooms[0]
    this.#cat = new Cat(rooms[0], clock, options.random ?? Math.random)
    this.login = loginTo(this, clock, options.mostPlayers ?? 200)
  }

  get names(): readonly string[] {
    return this.players.map(({ name }) => name)
  }

  get players(): readonly Player[] {
    return [...this.#players.values()]
  }

  /** The player of that name, however it is written. */
  find(name: string): Player | undefined {
    return this.#players.get(name.toLowerCase())
  }

  /** Makes a player who enters the world when a connection is handed to them. */
  makePlayer(name: PlayerName): Player {
    return new Player(this, name, this.#start)
  }

  /** A player has come in. */
  add(player: Player): void {
    this.#players.set(player.name.toLowerCase(), player)
  }

  /** A player is gone. */
  remove(player: Player): void {
    this.#players.delete(player.name.toLowerCase())
  }

  close(text: string): void {
    this.#cat.stop()
    for (const player of this.players) player.dismiss(text)
  }
}
