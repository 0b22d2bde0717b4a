import type { Socket } from '@mudwire/core'
import { terminal } from '@mudwire/telnet'
import type { Energy } from './energy.ts'
import type { Room } from './room.ts'

/** Ways of speaking that a client may show in a window of its own. */
export type Channel = 'say' | 'tell' | 'chat'

const CHANNELS: readonly { readonly name: Channel; readonly caption: string; readonly command: string }[] = [
  { name: 'say', caption: 'Said in the room', command: 'say' },
  { name: 'tell', caption: 'Told to you', command: 'tell' },
  { name: 'chat', caption: 'Chat', command: 'chat' },
]

/**
 * What a client is told beside the text, for maps, gauges and windows of its own: GMCP, in the words that clients know
 * (https://wiki.mudlet.org/w/Manual:Supported_Protocols). The link sends only the packages that the client wants.
 */
export class Reports {
  readonly #socket: Socket
  readonly #energy: Energy
  #wanted = ''
  #vitals = ''

  constructor(socket: Socket, energy: Energy) {
    this.#socket = socket
    this.#energy = energy
  }

  /** Tells everything to a client that wants something else than before. */
  begin(name: string, room: Room): void {
    const wanted = terminal(this.#socket).gmcp.join()
    if (wanted === this.#wanted) return
    this.#wanted = wanted
    this.#vitals = ''
    this.#send('Char.Name', { name, fullname: name })
    this.#send('Comm.Channel.List', CHANNELS)
    this.vitals()
    this.room(room)
  }

  /** How the player is, where that has changed. */
  vitals(): void {
    const vitals = { ep: this.#energy.left, maxep: this.#energy.most }
    const text = JSON.stringify(vitals)
    if (text === this.#vitals) return
    this.#vitals = text
    this.#send('Char.Vitals', vitals)
  }

  /** Where the player is now. */
  room({ number, title, exits }: Room): void {
    this.#send('Room.Info', {
      num: number,
      name: title,
      area: 'Mudwire',
      exits: Object.fromEntries([...exits].map(([direction, { number }]) => [direction.charAt(0), number])),
    })
  }

  /** Somebody has spoken, and this player has heard it. */
  heard(channel: Channel, talker: string, text: string): void {
    this.#send('Comm.Channel.Text', { channel, talker, text })
  }

  /** There is no exit that way. */
  noWay(direction: string): void {
    this.#send('Room.WrongDir', direction.charAt(0))
  }

  goodbye(text: string): void {
    this.#send('Core.Goodbye', text)
  }

  /** A signal sends what was gathered before it, so none is sent to who has no use for it. */
  #send(name: string, data: unknown): void {
    if (this.#wanted !== '') this.#socket.signal('gmcp', { package: name, data })
  }
}
