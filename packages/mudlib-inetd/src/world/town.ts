import { type Clock, type Driver, systemClock } from '@mudwire/core'
import type { Service } from '../service.ts'
import { Cat } from './cat.ts'
import { loginTo } from './login.ts'
import { buildTown } from './map.ts'
import type { PlayerName } from './names.ts'
import { Player } from './player.ts'
import type { Room } from './room.ts'
import type { World, WorldOptions, WorldSize } from './world.ts'

/** A small town, who is in it, and the way in. */
export class Town implements World {
  readonly driver: Driver
  readonly clock: Clock
  readonly login: Service
  readonly #rooms: readonly [Room, ...Room[]]
  readonly #start: Room
  readonly #cat: Cat
  readonly #players = new Map<string, Player>()

  constructor(driver: Driver, options: WorldOptions) {
    const { clock = systemClock, random = Math.random, mostPlayers = 200, accounts } = options
    this.driver = driver
    this.clock = clock
    this.#rooms = buildTown()
    this.#start = this.#rooms[0]
    this.#cat = new Cat(this.#start, clock, random)
    this.login = loginTo(this, mostPlayers, accounts)
  }

  get names(): readonly string[] {
    return this.players.map(({ name }) => name)
  }

  get size(): WorldSize {
    const things = this.#rooms.reduce((sum, { things }) => sum + things.length, 0)
    const carried = this.players.reduce((sum, { things }) => sum + things.length, 0)
    const inhabitants = this.#rooms.reduce((sum, { inhabitants }) => sum + inhabitants.size, 0)
    return { rooms: this.#rooms.length, things: things + carried, inhabitants }
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
