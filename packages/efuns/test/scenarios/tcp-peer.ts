import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Arrived,
  bytesToSend,
  type Peer,
  type PeerAct,
  type PeerSetting,
  QUIET_MS,
  recordedEnd,
  recordedLength,
  until,
} from './peer.ts'

/** A TCP socket of Node's, that reads only when it is told to. */
export class TcpPeer implements Peer {
  readonly #setting: PeerSetting
  readonly #accepted: Socket[] = []
  #server: Server | undefined
  #socket: Socket | undefined
  #arrived: Buffer[] = []
  #ended: Arrived['ended'] = 'open'

  constructor(setting: PeerSetting) {
    this.#setting = setting
  }

  async act(act: PeerAct): Promise<void> {
    const [verb] = act.do.split(' ')
    switch (verb) {
      case 'tcp_connect':
        return this.#connect(act)
      case 'tcp_listen':
        return this.#listen(act)
      case 'tcp_accept':
        return this.#accept(act)
      case 'send':
        this.#socket?.write(bytesToSend(act))
        // Only where the recording says that it could not: mostly that shows later, if ever.
        if (act.saw.length > 0) await this.#fail('send failed')
        return
      case 'recv':
      case 'drain':
        return this.#receive(act)
      case 'close':
        this.#socket?.destroy()
        this.#server?.close()
        return
      case 'reset':
        this.#socket?.resetAndDestroy()
        return
      case 'shutdown_write':
        this.#socket?.end()
        return
      default:
        throw new Error(`The runner does not know what a peer does that does '${act.do}'.`)
    }
  }

  end(): void {
    this.#socket?.destroy()
    this.#server?.close()
    for (const socket of this.#accepted) socket.destroy()
  }

  /** Connects in this very turn; who connects "before the driver turns" does not wait for the answer either. */
  async #connect(act: PeerAct): Promise<void> {
    const { name, log, places } = this.#setting
    const port = places.get(typeof act.port === 'string' ? act.port : '<port>')
    const socket = connect({
      host: 'driver',
      port,
      lookup: (_host, _options, answer) => answer(null, '127.0.0.1', 4),
      autoSelectFamily: false,
      allowHalfOpen: true,
    })
    this.#use(socket)
    const local = socket.address()
    if ('port' in local) places.set(`<peer:${name}>`, local.port)
    if (act.do.includes('before the driver turns')) return
    await new Promise<void>((resolve) => {
      const failed = (error: NodeJS.ErrnoException): void => {
        log.add({ peer: name, saw: `connect failed: ${error.code}` })
        resolve()
      }
      socket.once('error', failed)
      socket.once('connect', () => {
        socket.off('error', failed)
        resolve()
      })
    })
  }

  #listen(act: PeerAct): Promise<void> {
    const { places } = this.#setting
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) =>
      this.#accepted.push(socket),
    )
    this.#server = server
    return new Promise((resolve) => {
      server.listen(places.get(typeof act.port === 'string' ? act.port : '<port>'), '127.0.0.1', resolve)
    })
  }

  async #accept(act: PeerAct): Promise<void> {
    const { name } = this.#setting
    await until(() => this.#accepted.length > 0)
    const socket = this.#accepted.shift()
    if (!socket) throw new Error(`Nobody connected to the peer '${name}'.`)
    const accepted = new TcpPeer({ ...this.#setting, name: act.as ?? name })
    accepted.#use(socket)
    this.#setting.introduce(act.as ?? name, accepted)
  }

  #use(socket: Socket): void {
    this.#socket = socket
    socket.pause()
    socket.on('data', (chunk: Buffer) => this.#arrived.push(chunk))
    socket.on('end', () => {
      this.#ended = 'eof'
    })
    socket.on('error', () => {
      this.#ended = 'reset'
    })
  }

  async #receive({ saw: [recorded] }: PeerAct): Promise<void> {
    const { name, log } = this.#setting
    const length = recordedLength(recorded) ?? 0
    const end = recordedEnd(recorded)
    this.#socket?.resume()
    await until(() => this.#length >= length && (end === undefined || end === 'open' || this.#ended === end))
    await sleep(QUIET_MS)
    this.#socket?.pause()
    const bytes = Buffer.concat(this.#arrived)
    this.#arrived = []
    log.add({ peer: name, saw: { arrived: bytes, ended: this.#ended } })
  }

  async #fail(what: string): Promise<void> {
    const { name, log } = this.#setting
    await until(() => this.#ended === 'reset')
    log.add({ peer: name, saw: `${what}: ${this.#ended}` })
  }

  get #length(): number {
    return this.#arrived.reduce((sum, chunk) => sum + chunk.byteLength, 0)
  }
}
