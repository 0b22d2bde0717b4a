import type { Clock, LineHandlers, LineInfo, Socket } from '@mudwire/core'
import type { Service } from '../service.ts'
import { parseName } from './names.ts'
import { cleanLine, EOL } from './text.ts'
import type { Town } from './town.ts'

/** So long may somebody take to say who they are. */
const DEADLINE_MS = 120_000

/** Who arrives is asked for a name, and handed to a player of that name. */
export function loginTo(town: Town, clock: Pick<Clock, 'schedule'>, mostPlayers: number): Service {
  return {
    name: 'world',
    connected(offer) {
      if (town.players.length >= mostPlayers) {
        offer.decline('The world is full right now. Please come back later.')
        return
      }
      const socket = offer.acquire()
      if (socket) new Login(town, socket, clock)
    },
  }
}

class Login implements LineHandlers {
  readonly #town: Town
  readonly #cancelDeadline: () => void

  constructor(town: Town, socket: Socket, clock: Pick<Clock, 'schedule'>) {
    this.#town = town
    this.#cancelDeadline = clock.schedule(() => this.#tooLate(socket), DEADLINE_MS)
    socket.write(`Welcome to Mudwire, a small town by a river.${EOL}What is your name?${EOL}`)
    socket.handle(this)
  }

  line(text: string, _info: LineInfo, socket: Socket): void {
    const result = parseName(cleanLine(text))
    if (!result.ok) {
      socket.write(`${result.why} What is your name?${EOL}`)
      return
    }
    if (this.#town.find(result.name)) {
      socket.write(`Somebody of that name is in the world already. What is your name?${EOL}`)
      return
    }
    const player = this.#town.makePlayer(result.name)
    const entered = socket.release(player.ref, { message: { name: result.name } })
    if (entered.acquired) {
      this.#cancelDeadline()
      return
    }
    player.discard()
    if (!entered.owned) return
    socket.write(`The world cannot take you right now. Please try again later.${EOL}`)
    socket.close({ code: 'declined', wire: 1013 })
  }

  close(): void {
    this.#cancelDeadline()
  }

  #tooLate(socket: Socket): void {
    socket.write(`You have not said who you are for ${DEADLINE_MS / 1_000} seconds. Goodbye.${EOL}`)
    socket.close({ code: 'login-timeout', text: 'No name was given.', wire: 1008 })
  }
}
