import type { LineHandlers, Socket } from '@mudwire/core'
import { terminal } from '@mudwire/telnet'
import { neutral } from '@mudwire/text'
import type { Service } from '../service.ts'
import type { Accounts } from './accounts.ts'
import { type PlayerName, parseName } from './names.ts'
import { EOL } from './text.ts'
import type { Town } from './town.ts'

/** So long may somebody take to say who they are. */
const DEADLINE_MS = 120_000
/** Wrong passwords, after which there is no further try. */
const MOST_WRONG = 3
const SHORTEST_PASSWORD = 6
const LONGEST_PASSWORD = 128

const ASK_NAME = 'What is your name?'
const IS_HERE = 'Somebody of that name is in the world already.'
const UNAVAILABLE = 'Passwords cannot be looked at right now. Please try again later.'

/** What the next line answers. */
type Question =
  | { readonly asks: 'name' }
  | {
      readonly asks: 'password' | 'new password'
      readonly name: PlayerName
      readonly accounts: Accounts
    }
  | {
      readonly asks: 'again'
      readonly name: PlayerName
      readonly password: string
      readonly accounts: Accounts
    }

/** Who arrives is asked who they are, and handed to a player of that name. */
export function loginTo(town: Town, mostPlayers: number, accounts: Accounts | undefined): Service {
  return {
    name: 'world',
    connected(offer) {
      if (town.players.length >= mostPlayers) {
        offer.decline('The world is full right now. Please come back later.')
        return
      }
      const socket = offer.acquire()
      if (socket) new Login(town, socket, accounts)
    },
  }
}

class Login implements LineHandlers {
  readonly #town: Town
  readonly #socket: Socket
  readonly #accounts: Accounts | undefined
  readonly #cancelDeadline: () => void
  #question: Question = { asks: 'name' }
  #wrong = 0
  /** The link hides what is typed, and with it the end of the line. */
  #isMasked = false
  /** A question stands at the end, and its line is not over. */
  #isAsking = false

  constructor(town: Town, socket: Socket, accounts: Accounts | undefined) {
    this.#town = town
    this.#socket = socket
    this.#accounts = accounts
    this.#cancelDeadline = town.clock.schedule(() => this.#tooLate(), DEADLINE_MS)
    this.#say('Welcome to Mudwire, a small town by a river.')
    this.#askName()
    socket.handle(this)
  }

  line(text: string): void {
    if (this.#isMasked) this.#newLine()
    else this.#isAsking = false
    const question = this.#question
    const password = text.normalize()
    switch (question.asks) {
      case 'name':
        this.#named(text)
        break
      case 'password':
        // Who has mistyped the name wants to go back.
        if (password === '') this.#askName()
        else void this.#verify(question.name, password, question.accounts)
        break
      case 'new password':
        this.#chosen(question.name, password, question.accounts)
        break
      case 'again':
        if (password === question.password) void this.#register(question.name, password, question.accounts)
        else this.#askNewPassword(question.name, question.accounts, 'That was not the same.')
    }
  }

  close(): void {
    this.#cancelDeadline()
  }

  #named(text: string): void {
    const result = parseName(neutral(text))
    if (!result.ok) {
      this.#askName(result.why)
      return
    }
    const { name } = result
    const accounts = this.#accounts
    if (this.#town.find(name)) this.#askName(IS_HERE)
    else if (!accounts) this.#enter(name)
    else if (accounts.has(name)) this.#askPassword({ asks: 'password', name, accounts }, 'Password:')
    else this.#askNewPassword(name, accounts, `${name} is new here.`)
  }

  async #verify(name: PlayerName, password: string, accounts: Accounts): Promise<void> {
    const verified = await this.#unread(accounts.verify(name, password))
    if (verified === 'right') this.#enter(name)
    else if (verified === 'unavailable') this.#giveUp('accounts-unavailable', UNAVAILABLE)
    else {
      this.#wrong += 1
      if (this.#wrong < MOST_WRONG) this.#askName(`That is not the password of ${name}.`)
      else this.#giveUp('login-failed', 'That was wrong once more. Goodbye.')
    }
  }

  #chosen(name: PlayerName, password: string, accounts: Accounts): void {
    if (password === '') this.#enter(name)
    else if (password.length < SHORTEST_PASSWORD || password.length > LONGEST_PASSWORD) {
      const why = `A password has ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters.`
      this.#askNewPassword(name, accounts, why)
    } else this.#askPassword({ asks: 'again', name, password, accounts }, 'Again, please:')
  }

  async #register(name: PlayerName, password: string, accounts: Accounts): Promise<void> {
    const created = await this.#unread(accounts.create(name, password))
    if (created === 'created') this.#enter(name)
    else if (created === 'unavailable') this.#giveUp('accounts-unavailable', UNAVAILABLE)
    else this.#askName('Somebody has just taken that name.')
  }

  /** Waits for an answer while nothing is read: what was typed ahead is for whoever owns the connection by then. */
  async #unread<Answer>(answer: Promise<Answer>): Promise<Answer> {
    this.#socket.pause()
    const answered = await answer
    this.#socket.resume()
    return answered
  }

  /** Hands the connection to the player. */
  #enter(name: PlayerName): void {
    // They may have left while their password was looked at.
    if (this.#socket.state !== 'open') return
    this.#mask(false)
    if (this.#town.find(name)) {
      this.#askName(IS_HERE)
      return
    }
    const player = this.#town.makePlayer(name)
    const entered = this.#socket.release(player.ref, { message: { name } })
    if (entered.acquired) {
      this.#cancelDeadline()
      return
    }
    player.discard()
    if (entered.owned)
      this.#giveUp('declined', 'The world cannot take you right now. Please try again later.', 1013)
  }

  #askName(why?: string): void {
    this.#mask(false)
    this.#ask({ asks: 'name' }, why === undefined ? ASK_NAME : `${why} ${ASK_NAME}`)
  }

  #askNewPassword(name: PlayerName, accounts: Accounts, why: string): void {
    const question = `${why} Choose a password, or press Enter to play without one:`
    this.#askPassword({ asks: 'new password', name, accounts }, question)
  }

  #askPassword(next: Question, question: string): void {
    this.#mask(true)
    this.#ask(next, this.#isMasked ? question : `(What you type will be seen.) ${question}`)
  }

  /** A prompt, which is read out well only where it ends its line. */
  #ask(next: Question, question: string): void {
    this.#question = next
    this.#isAsking = !terminal(this.#socket).screenReader
    this.#socket.write(question + (this.#isAsking ? ' ' : EOL))
    this.#socket.signal('prompt', undefined)
  }

  #mask(isMasked: boolean): void {
    if (isMasked === this.#isMasked) return
    this.#isMasked = this.#socket.signal('echo', !isMasked) && isMasked
  }

  #newLine(): void {
    if (this.#isAsking) this.#socket.write(EOL)
    this.#isAsking = false
  }

  #say(text: string): void {
    this.#newLine()
    this.#socket.write(`${text}${EOL}`)
  }

  #tooLate(): void {
    this.#giveUp(
      'login-timeout',
      `You have not said who you are for ${DEADLINE_MS / 1_000} seconds. Goodbye.`,
    )
  }

  #giveUp(code: string, text: string, wire = 1008): void {
    this.#mask(false)
    this.#say(text)
    this.#socket.close({ code, text, wire })
  }
}
