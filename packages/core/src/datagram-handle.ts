import type { Address } from './address.ts'
import type { DatagramEndpoint } from './datagram-endpoint.ts'
import type { DatagramSocket } from './datagram-socket.ts'
import { encodeUtf8 } from './environment.ts'
import { endpointOf, Handle, mine } from './handle.ts'
import type { DatagramHandlers } from './handlers.ts'
import type { Position } from './observer.ts'

export class DatagramHandle extends Handle<DatagramEndpoint> implements DatagramSocket {
  get local(): Address | undefined {
    return endpointOf(this).local
  }

  get position(): Position {
    return endpointOf(this).position
  }

  get dropped(): number {
    return endpointOf(this).dropped
  }

  get opened(): Promise<Address> {
    const endpoint = endpointOf(this)
    // Without an attempt it has been bound, and has its address.
    return endpoint.attempt?.result ?? Promise.resolve(endpoint.local as Address)
  }

  send(data: string | Uint8Array, to: Address): boolean {
    const endpoint = mine(this)
    requireAddress(to)
    return endpoint.send(bytesOf(data), to)
  }

  handle(handlers: DatagramHandlers): void {
    mine(this).setHandlers(handlers)
  }
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  if (typeof data === 'string') return encodeUtf8(data)
  // A link may have to keep it until the system takes it, and its owner use the memory again.
  if (data instanceof Uint8Array) return new Uint8Array(data)
  throw new TypeError('What is sent is a string or a Uint8Array.')
}

function requireAddress(to: unknown): void {
  if (typeof to === 'object' && to !== null && 'address' in to && typeof to.address === 'string') return
  throw new TypeError('A datagram is sent to an Address: { family, address, port }.')
}
