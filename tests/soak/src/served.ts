import type { CloseReason, EndpointInfo, Socket } from '@mudwire/core'
import type { OwnerSide } from './accounts.ts'
import type { Entry } from './ledger.ts'
import type { Kind } from './messages.ts'
import { betweenCharacters, numberedBytes } from './numbered-bytes.ts'
import type { Resident } from './resident.ts'

export type Mode = 'line' | 'text' | 'bytes' | 'none'

/** So much of its history a connection remembers. */
const REMEMBERED = 12
const LINE_END = /(\r\n|\r\0|\r|\n)$/
const LONE_LF = /(?<!\r)\n/
const CR = 13
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** A connection as this side sees it: whose it is, and whether what they read is what belongs there. */
export class Served implements Entry {
  readonly kind: Kind
  readonly port: number
  readonly history: string[] = []
  side: OwnerSide | undefined
  owner: Resident | undefined
  socket: Socket | undefined
  mode: Mode = 'none'
  readonly #info: EndpointInfo
  /** How far it was read when that was checked last. */
  #checked = 0
  /** The last line ended with CR, and one LF or NUL behind it belongs to it. */
  #afterCr = false
  #sawEnd = false
  #problem: string | undefined

  constructor(info: EndpointInfo, kind: Kind) {
    this.#info = info
    this.kind = kind
    this.port = info.remote?.port ?? 0
  }

  get isOpen(): boolean {
    return this.socket?.state === 'open'
  }

  /** Somebody has it from now on. */
  acquired(owner: Resident, socket: Socket, mode: Mode): void {
    this.owner = owner
    this.socket = socket
    this.mode = mode
    this.note(`${owner.name} reads ${mode}`)
  }

  reads(mode: Mode): void {
    this.mode = mode
    this.note(`reads ${mode}`)
  }

  note(what: string): void {
    if (this.history.length === REMEMBERED) this.history.shift()
    const { read, written } = this.#info.position
    this.history.push(`${what} from ${read}/${written} on`)
  }

  /** What holds of every call of a handler. */
  called(handler: string, owner: Resident, socket: Socket): void {
    const { name } = owner
    if (this.side) this.#complain(`${name} was told ${handler} after the close`)
    if (owner !== this.owner) this.#complain(`${name} was told ${handler}, and ${this.owner?.name} owns it`)
    else if (socket !== this.socket) this.#complain(`${name} was told ${handler} with an old handle`)
  }

  ended(): void {
    if (this.#sawEnd) this.#complain('the end was told twice')
    this.#sawEnd = true
  }

  /** Compares what an owner was given with what the peer's numbered bytes are there. */
  check(given: string | Uint8Array, terminated: boolean): void {
    const from = this.#checked
    const to = this.#info.position.read
    if (this.#sawEnd) this.#complain('something was read after the end')
    const part = numberedBytes(this.port, '<', from, to)
    const swallows = this.#afterCr && (part[0] === 10 || part[0] === 0)
    const same = this.#isSame(given, swallows ? part.subarray(1) : part, terminated)
    if (!same) this.#complain(`${this.owner?.name} read something else as ${this.mode}`)
    // The end of a message ends a line, and with it this bit of memory.
    this.#afterCr = this.kind !== 'websocket' && this.mode === 'line' && part[part.length - 1] === CR
    this.#checked = to
  }

  /** Writes the next so many bytes, as text or as bytes. */
  write(size: number, asText: boolean): boolean {
    const { socket } = this
    if (!socket) return false
    const from = socket.position.written
    const isText = asText && betweenCharacters(from) === from
    const to = isText ? betweenCharacters(from + size) : from + size
    const bytes = numberedBytes(this.port, '>', from, to)
    // Telnet has a text's own line ends, so that a lone LF would become another.
    const isWritten = isText && !(this.kind === 'telnet' && LONE_LF.test(bytes.toString('latin1')))
    return socket.write(isWritten ? bytes.toString() : bytes)
  }

  closed(reason: CloseReason): void {
    const { by, kind, code } = reason
    const { read, written } = this.#info.position
    const cleanFromPeer = by === 'remote' && (kind === 'end' || code === 'linger-timeout')
    const problem = this.#problem
    this.side = {
      read,
      written,
      sawEnd: this.#sawEnd || cleanFromPeer,
      closedHere: by === 'local' && kind !== 'overflow' && kind !== 'error',
      reason,
      ...(problem !== undefined && { problem }),
    }
    this.note(`closed, ${code} by ${by}`)
    this.socket = undefined
    this.owner = undefined
  }

  #isSame(given: string | Uint8Array, part: Uint8Array, terminated: boolean): boolean {
    if (typeof given !== 'string') return Buffer.compare(given, part) === 0
    const text = decoder.decode(part)
    return given === (this.mode === 'line' && terminated ? text.replace(LINE_END, '') : text)
  }

  #complain(problem: string): void {
    this.#problem ??= `${problem}, at byte ${this.#checked}`
  }
}
