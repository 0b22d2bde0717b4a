import type {
  Address,
  BytesHandlers,
  CloseReason,
  DatagramHandlers,
  DatagramSocket,
  InboundSignal,
  Listener,
  ListenerHandlers,
  Socket,
} from '@mudwire/core'
import { formatPlace, placeBehind } from './addresses.ts'
import { hangUp, lose } from './closing.ts'
import type { Descriptor, Endpoint } from './descriptor.ts'
import type { EfunContext } from './efun-context.ts'
import { parseLpcValue } from './lpc-value/index.ts'
import type { Mode } from './modes.ts'
import { mudPacketText } from './mud-framing.ts'
import { CONNECTED, VIOLATION } from './signals.ts'
import { decodeStrictly, decodeText } from './utf8.ts'

/*
 * What core calls: one receiver for each descriptor, whoever owns it, and it calls back the owner of the moment. What a
 * callback throws goes on to core, which tells the driver's error hook.
 */

class Receiver {
  protected readonly context: EfunContext
  protected readonly descriptor: Descriptor

  constructor(context: EfunContext, descriptor: Descriptor) {
    this.context = context
    this.descriptor = descriptor
  }

  /** Core's socket is gone, and not because the owner closed it, or another one has taken its place. */
  protected gone(socket: object): void {
    if (this.descriptor.holds(socket)) lose(this.context, this.descriptor)
  }
}

/** For connections. */
export class StreamReceiver extends Receiver implements BytesHandlers {
  bytes(piece: Uint8Array): void {
    const { descriptor } = this
    descriptor.owner.call(descriptor.read, descriptor.number, readValue(piece, descriptor.mode))
  }

  signal(signal: InboundSignal, socket: Socket): void {
    const { descriptor } = this
    if (signal.name === CONNECTED) {
      descriptor.state = 'DATA_XFER'
      descriptor.local ??= socket.local && placeBehind(socket.local)
      this.mayWrite()
    } else if (signal.name === VIOLATION) {
      const isUnread = signal.payload.unread > 0
      lose(this.context, descriptor, isUnread ? reset : hangUp)
    }
  }

  drain(): void {
    this.mayWrite()
  }

  end(): void {
    lose(this.context, this.descriptor)
  }

  close(_reason: CloseReason, socket: Socket): void {
    this.gone(socket)
  }

  private mayWrite(): void {
    const { descriptor } = this
    descriptor.blocked = false
    descriptor.owner.call(descriptor.write, descriptor.number)
  }
}

/** As the system does with a connection that is closed while there is something that nobody has read. */
function reset({ kind, socket }: Endpoint): void {
  if (kind === 'stream' && socket.state !== 'revoked') socket.abort()
}

/** For listeners. Connections are counted where they arrive, see `Arrivals`. */
export class ListenerReceiver extends Receiver implements ListenerHandlers {
  closed(_reason: CloseReason, listener: Listener): void {
    this.gone(listener)
  }
}

/** For datagram sockets. */
export class DatagramReceiver extends Receiver implements DatagramHandlers {
  datagram(bytes: Uint8Array, from: Address): void {
    const { descriptor } = this
    // One that is not bound sends, and hears nothing.
    if (descriptor.state !== 'BOUND') return
    const data = descriptor.mode.reads === 'bytes' ? bytes : (decodeStrictly(bytes) ?? bytes)
    descriptor.owner.call(descriptor.read, descriptor.number, data, formatPlace(placeBehind(from)))
  }

  close(_reason: CloseReason, socket: DatagramSocket): void {
    this.gone(socket)
  }
}

/** What a read callback gets. */
function readValue(piece: Uint8Array, { reads }: Mode): unknown {
  if (reads === 'bytes') return piece
  if (reads === 'text') return decodeText(piece)
  const text = mudPacketText(piece)
  const result = text === undefined ? undefined : parseLpcValue(text)
  return result?.ok === true ? result.value : undefined
}
