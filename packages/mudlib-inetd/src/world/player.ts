import type { Offer, Owner, OwnerRef, Socket, Writer } from '@mudwire/core'
import { runCommand } from './commands/index.ts'
import type { PlayerName } from './names.ts'
import type { Room, Thing } from './room.ts'
import { cleanLine, EOL } from './text.ts'
import type { Town } from './town.ts'

/** What the login says with the connection that it hands to a player. */
export interface Entrance {
  readonly name: PlayerName
}

/** A person in the world: an owner of its own, for one connection. */
export class Player {
  readonly name: PlayerName
  readonly town: Town
  readonly things: Thing[] = []
  room: Room
  readonly #owner: Owner<Entrance>
  #socket: Socket | undefined
  #present = false

  constructor(town: Town, name: PlayerName, room: Room) {
    this.town = town
    this.name = name
    this.room = room
    this.#owner = town.driver.owner<Entrance>(`player:${name}`, { offered: (offer) => this.#offered(offer) })
  }

  /** The target of the login's release. */
  get ref(): OwnerRef<Entrance> {
    return this.#owner.ref
  }

  /** How rooms and others reach this player; undefined once the connection is gone. */
  get writer(): Writer | undefined {
    return this.#socket?.writer
  }

  tell(text: string): void {
    this.#socket?.write(`${text}${EOL}`)
  }

  /** Leaves the world in an orderly way. */
  quit(): void {
    this.tell('Goodbye.')
    this.#leave(`${this.name} leaves the world.`)
    this.#socket?.close({ code: 'quit' })
  }

  /** Says goodbye because the world is closing. */
  dismiss(text: string): void {
    this.tell(text)
    this.#socket?.close({ code: 'closing', text, wire: 1001 })
  }

  /** Nobody took the connection after all. */
  discard(): void {
    this.#owner.destroy()
  }

  moveTo(room: Room): void {
    this.room.players.delete(this)
    this.room = room
    room.players.add(this)
  }

  #offered(offer: Offer<Entrance>): void {
    if (offer.kind !== 'stream') return
    this.#socket = offer.acquire({
      line: (text) => this.#typed(text),
      close: () => this.#gone(),
    })
    if (this.#socket) this.#enter()
  }

  #enter(): void {
    this.#present = true
    this.town.add(this)
    this.room.players.add(this)
    this.room.tell(`${this.name} arrives.`, this)
    this.tell(`Welcome, ${this.name}. Type help for what you can do.`)
    runCommand(this, 'look')
  }

  #typed(text: string): void {
    const line = cleanLine(text)
    if (line !== '') runCommand(this, line)
  }

  /** The connection is closed, for whatever reason: the body goes with it. */
  #gone(): void {
    this.#leave(`${this.name} is gone.`)
    this.#owner.destroy()
  }

  #leave(announcement: string): void {
    if (!this.#present) return
    this.#present = false
    for (const thing of this.things.splice(0)) this.room.things.push(thing)
    this.room.players.delete(this)
    this.room.tell(announcement)
    this.town.remove(this)
  }
}
