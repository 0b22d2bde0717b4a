import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { bytesToSend, type Peer, type PeerAct, type PeerSetting, QUIET_MS, until } from './peer.ts'

/** A UDP socket of Node's. */
export class UdpPeer implements Peer {
  readonly #setting: PeerSetting
  readonly #socket: Socket = createSocket('udp4')
  readonly #arrived: { readonly bytes: Buffer; readonly from: RemoteInfo }[] = []

  constructor(setting: PeerSetting) {
    this.#setting = setting
    this.#socket.on('message', (bytes, from) => this.#arrived.push({ bytes, from }))
  }

  async act(act: PeerAct): Promise<void> {
    const { name, places, log } = this.#setting
    switch (act.do) {
      case 'udp_open':
        await new Promise<void>((resolve) => this.#socket.bind(0, '127.0.0.1', resolve))
        places.set(`<peer:${name}>`, this.#socket.address().port)
        return
      case 'udp_send': {
        const port = places.get(typeof act.port === 'string' ? act.port : '<port>')
        await this.#send(bytesToSend(act), port)
        return
      }
      case 'udp_recv': {
        const next = await this.#next(act.saw.length > 0)
        log.add({ peer: name, saw: next ? { arrived: next.bytes } : 'nothing' })
        return
      }
      case 'reply': {
        const next = await this.#next(true)
        if (!next) throw new Error(`There is nothing to which the peer '${name}' could reply.`)
        log.add({ peer: name, saw: next.bytes.toString('latin1') })
        await this.#send(
          act.bytes_hex === undefined ? Buffer.from('reply') : bytesToSend(act),
          next.from.port,
        )
        return
      }
      case 'close':
        this.end()
        return
      default:
        throw new Error(`The runner does not know what a peer does that does '${act.do}'.`)
    }
  }

  end(): void {
    try {
      this.#socket.close()
    } catch {
      // It was closed by the scenario.
    }
  }

  #send(bytes: Buffer, port: number): Promise<void> {
    return new Promise((resolve) => this.#socket.send(bytes, port, '127.0.0.1', () => resolve()))
  }

  async #next(isRecorded: boolean): Promise<{ bytes: Buffer; from: RemoteInfo } | undefined> {
    if (isRecorded) await until(() => this.#arrived.length > 0)
    else await until(() => this.#arrived.length > 0, QUIET_MS)
    return this.#arrived.shift()
  }
}
