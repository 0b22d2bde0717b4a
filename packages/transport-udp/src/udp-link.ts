import type { Socket } from 'node:dgram'
import { isIP } from 'node:net'
import {
  type Address,
  type CloseReason,
  type DatagramLink,
  type DatagramSink,
  ipAddress,
} from '@mudwire/core'

/** The most that a UDP datagram carries: 65,535 bytes less its own header, and less that of IP where it counts. */
const MOST_BYTES = { 4: 65_507, 6: 65_527 } as const

/** While so many bytes wait for the system, nothing more is sent. */
const SEND_LIMIT = 1024 * 1024

const CLOSED: CloseReason = Object.freeze({ by: 'local', kind: 'end', code: 'closed' })

/** A datagram socket of the system, from bound to closed. */
export class UdpLink implements DatagramLink {
  readonly local: Address
  readonly #socket: Socket
  readonly #family: 4 | 6
  /** It is an IPv6 socket that reaches IPv4 addresses too. */
  readonly #dualStack: boolean
  #sink: DatagramSink | undefined
  /** Datagrams that the system has not taken yet. */
  #underWay = 0
  /** Why it is closing, or closed. */
  #reason: CloseReason | undefined
  #closed = false
  /** It was gone before there was a sink. */
  #untold = false

  constructor(socket: Socket, ipv6Only: boolean) {
    const { address, port } = socket.address()
    this.local = ipAddress(address, port)
    this.#socket = socket
    this.#family = isIP(address) === 6 ? 6 : 4
    this.#dualStack = address === '::' && !ipv6Only
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#gone())
  }

  attach(sink: DatagramSink): void {
    this.#sink = sink
    this.#socket.on('message', (bytes, { address, port }) => {
      if (!this.#reason) sink.datagram(bytes, ipAddress(address, port))
    })
    if (this.#untold) process.nextTick(() => this.#gone())
  }

  send(bytes: Uint8Array, { address, port }: Address): boolean {
    const family = isIP(address)
    if (this.#reason || !isPort(port) || (family !== 4 && family !== 6)) return false
    if (bytes.byteLength > MOST_BYTES[family]) return false
    if (family !== this.#family && !(family === 4 && this.#dualStack)) return false
    if (this.#socket.getSendQueueSize() > SEND_LIMIT) return false
    const target = family === this.#family ? address : `::ffff:${address}`
    this.#socket.send(bytes, port, target, this.#sent)
    this.#underWay += 1
    return true
  }

  close(): void {
    if (this.#reason) return
    this.#reason = CLOSED
    if (this.#underWay === 0) this.#closeSocket()
  }

  /** What the system could not send (no route, not allowed) is lost, as on the network. */
  readonly #sent = (): void => {
    this.#underWay -= 1
    if (this.#reason && this.#underWay === 0) this.#closeSocket()
  }

  /** Also called by what was under way when it failed. */
  #closeSocket(): void {
    if (this.#closed) return
    this.#closed = true
    this.#socket.close()
  }

  #fail(error: Error): void {
    if (this.#reason) return
    const code = 'code' in error ? String(error.code) : 'error'
    this.#reason = { by: 'transport', kind: 'error', code, text: error.message, error }
    this.#closeSocket()
  }

  #gone(): void {
    if (this.#sink && this.#reason) this.#sink.close(this.#reason)
    else this.#untold = true
  }
}

function isPort(port: unknown): port is number {
  return Number.isInteger(port) && (port as number) > 0 && (port as number) <= 65_535
}
