import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import {
  bytesToSend,
  DEADLINE_MS,
  type Peer,
  type PeerAct,
  type PeerSetting,
  QUIET_MS,
  recordedEnd,
  recordedLength,
} from './peer.ts'

const PROGRAM = fileURLToPath(new URL('slow_peer.py', import.meta.url))

/** Is the program there that slow peers need? */
export const hasPython: boolean = spawnSync('python3', ['--version']).status === 0

interface Answer {
  readonly port?: number
  readonly failed?: string
  readonly hex?: string
  readonly ended?: string
}

/** A TCP peer that takes little before it reads: what is written to it blocks. */
export class SlowPeer implements Peer {
  readonly #setting: PeerSetting
  readonly #process: ChildProcess = spawn('python3', [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] })
  readonly #lines: AsyncIterator<string>

  constructor(setting: PeerSetting) {
    this.#setting = setting
    const { stdout } = this.#process
    if (!stdout) throw new Error('The slow peer has no output.')
    const lines: Interface = createInterface(stdout)
    this.#lines = lines[Symbol.asyncIterator]()
  }

  act(act: PeerAct): Promise<void> {
    return this.#act(act, this.#setting.name)
  }

  end(): void {
    this.#process.kill()
  }

  async #act(act: PeerAct, name: string): Promise<void> {
    const { places, log } = this.#setting
    const port = (): number => places.get(typeof act.port === 'string' ? act.port : '<port>')
    switch (act.do.split(' ')[0]) {
      case 'tcp_connect': {
        const { port: local, failed } = await this.#ask({ do: 'connect', port: port() })
        if (local !== undefined) places.set(`<peer:${name}>`, local)
        if (failed !== undefined) log.add({ peer: name, saw: `connect failed: ${failed}` })
        return
      }
      case 'tcp_listen':
        await this.#ask({ do: 'listen', port: port() })
        return
      case 'tcp_accept':
        await this.#ask({ do: 'accept' })
        this.#setting.introduce(act.as ?? name, {
          act: (later) => this.#act(later, act.as ?? name),
          end: () => {},
        })
        return
      case 'send':
        await this.#ask({ do: 'send', hex: bytesToSend(act).toString('hex') })
        return
      case 'recv':
      case 'drain': {
        const most = recordedLength(act.saw[0]) ?? 0
        const { hex = '', ended } = await this.#ask({
          do: 'receive',
          most,
          ends: !['open', undefined].includes(recordedEnd(act.saw[0]) as string | undefined),
          quiet_ms: { first: DEADLINE_MS, more: QUIET_MS },
        })
        log.add({ peer: name, saw: { arrived: Buffer.from(hex, 'hex'), ended } })
        return
      }
      case 'close':
        await this.#ask({ do: 'close' })
        return
      case 'reset':
        await this.#ask({ do: 'reset' })
        return
      case 'shutdown_write':
        await this.#ask({ do: 'shutdown' })
        return
      default:
        throw new Error(`The runner does not know what a peer does that does '${act.do}'.`)
    }
  }

  async #ask(request: object): Promise<Answer> {
    this.#process.stdin?.write(`${JSON.stringify(request)}\n`)
    const line = await this.#lines.next()
    if (line.done === true) throw new Error('The slow peer is gone.')
    return JSON.parse(line.value) as Answer
  }
}
