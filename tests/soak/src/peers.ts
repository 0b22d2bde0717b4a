import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Ledger } from './ledger.ts'
import type { FromPeers, ToPeers } from './messages.ts'

const PROGRAM = fileURLToPath(new URL('peer-process.js', import.meta.url))

/** The peers, who live in a process of their own: what they tell goes into the ledger of the round. */
export class Peers {
  readonly ready: Promise<void>
  readonly #process: ChildProcess = fork(PROGRAM)
  #ledger: Ledger | undefined
  #finished: (unopened: number) => void = () => {}

  constructor() {
    this.ready = new Promise((resolve, reject) => {
      this.#process.once('exit', (code) => reject(new Error(`The process of the peers ended with ${code}.`)))
      this.#process.on('message', (message: FromPeers) => {
        if (message.tell === 'ready') resolve()
        else if (message.tell === 'finished') this.#finished(message.unopened)
        else for (const peer of message.peers) this.#ledger?.ended(peer)
      })
    })
  }

  start(round: Extract<ToPeers, { do: 'start' }>, ledger: Ledger): void {
    this.#ledger = ledger
    this.#tell(round)
  }

  /** Resolves with how many connections never came to be, when all are over. */
  finish(): Promise<number> {
    return new Promise((resolve) => {
      this.#finished = resolve
      this.#tell({ do: 'finish' })
    })
  }

  stop(): void {
    this.#process.disconnect()
  }

  #tell(message: ToPeers): void {
    this.#process.send(message)
  }
}
