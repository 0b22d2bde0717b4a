import type { InboundSignal, Offer, Owner, OwnerRef, Socket } from '@mudwire/core'
import { neutral } from '@mudwire/text'
import { runCommand } from './commands/index.ts'
import { Energy } from './energy.ts'
import type { PlayerName } from './names.ts'
import { Reports } from './reports.ts'
import type { Room, Thing } from './room.ts'
import { Screen } from './screen.ts'
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
  readonly energy: Energy
  room: Room
  readonly #owner: Owner<Entrance>
  #socket: Socket | undefined
  #screen: Screen | undefined
  #reports: Reports | undefined
  #present = false

  constructor(town: Town, name: PlayerName, room: Room) {
    this.town = town
    this.name = name
    this.room = room
    this.energy = new Energy(town.clock)
    this.#owner = town.driver.owner<Entrance>(`player:${name}`, { offered: (offer) => this.#offered(offer) })
  }

  /** The target of the login's release. */
  get ref(): OwnerRef<Entrance> {
    return this.#owner.ref
  }

  /** What this player sees; undefined until the connection is theirs. */
  get screen(): Screen | undefined {
    return this.#screen
  }

  /** What their client is told beside the text. */
  get reports(): Reports | undefined {
    return this.#reports
  }

  /** Shows markup to this player alone. */
  tell(markup: string): void {
    this.#screen?.show(markup)
  }

  /** Leaves the world in an orderly way. */
  quit(): void {
    this.tell('Goodbye.')
    this.#reports?.goodbye('Goodbye.')
    this.#leave(`${this.name} leaves the world.`)
    this.#socket?.close({ code: 'quit' })
  }

  /** Says goodbye because the world is closing. */
  dismiss(text: string): void {
    this.tell(text)
    this.#reports?.goodbye(text)
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
    this.#reports?.room(room)
  }

  #offered(offer: Offer<Entrance>): void {
    if (offer.kind !== 'stream') return
    const socket = offer.acquire({
      line: (text) => this.#typed(text),
      signal: (signal) => this.#signalled(signal),
      close: () => this.#gone(),
    })
    if (socket) this.#enter(socket)
  }

  #enter(socket: Socket): void {
    const reports = new Reports(socket, this.energy)
    this.#socket = socket
    this.#reports = reports
    this.#screen = new Screen(socket, this.town.clock, { turnOver: () => reports.vitals() })
    this.#present = true
    this.town.add(this)
    this.room.players.add(this)
    this.room.tell(`${this.name} arrives.`, this)
    this.tell(`Welcome, {bold}${this.name}{/}. Type {bold}help{/} for what you can do.`)
    reports.begin(this.name, this.room)
    runCommand(this, 'look')
  }

  #typed(text: string): void {
    this.#screen?.lineEnded()
    const line = neutral(text)
    if (line !== '') runCommand(this, line)
  }

  #signalled({ name }: InboundSignal): void {
    // It may say only now which packages of GMCP it wants.
    if (name === 'terminal') this.#reports?.begin(this.name, this.room)
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
